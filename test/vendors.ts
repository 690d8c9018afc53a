import { type ProviderFactory, providerFactories, type Samples } from '@chathooks/core';
import { deliver, type VendorDeliveries } from '@chathooks/testing';

/** A vendor, for tests that go over all of them. */
export interface Vendor {
  /** The name of its providers: `whatsapp-cloud`. */
  readonly vendor: string;
  /** Its options are not known here. */
  readonly factory: ProviderFactory<object>;
  readonly samples: Samples;
  /** Takes the names in `samples.events`. */
  readonly deliveries: VendorDeliveries<string>;
  /** The environment in which its providers accept the samples. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Every vendor that there is: a new one is tested without a word elsewhere. */
export const vendors: readonly Vendor[] = Object.entries(providerFactories).map(([name, factory]) => {
  const samples: Samples = factory.samples;
  const variables = factory.environmentVariables.map((variable) => [
    variable,
    samples.environment?.[variable] ?? samples.secret,
  ]);
  return {
    vendor: factory.vendor,
    factory: factory as unknown as ProviderFactory<object>,
    samples,
    // Of each vendor there are deliveries by the same name.
    deliveries: deliver[name as keyof typeof deliver] as VendorDeliveries<string>,
    environment: Object.fromEntries(variables),
  };
});
