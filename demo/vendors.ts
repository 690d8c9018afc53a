import { type EventType, providerFactories, type Samples } from '@chathooks/express';
import { deliver, type VendorDeliveries } from '@chathooks/testing';

/** A vendor, its examples and how it sends them. */
export interface Vendor {
  /** The name of its providers: `whatsapp-cloud`. */
  readonly name: string;
  /** The name in code: `whatsappCloud`. */
  readonly exportName: string;
  readonly samples: Samples;
  /** Takes the names in its `events`. */
  readonly deliveries: VendorDeliveries<string>;
  /** What a sample is normalized to. */
  typesOf(event: string): readonly EventType[];
  /** Whether its bodies are JSON, which can be cut in half; forms cannot. */
  readonly sendsJson: boolean;
}

/** Every vendor that chathooks knows. */
export const vendors: readonly Vendor[] = Object.entries(providerFactories).map(([exportName, factory]) => {
  const samples: Samples = factory.samples;
  // Of each vendor there are deliveries by the same name.
  const deliveries = deliver[exportName as keyof typeof deliver] as VendorDeliveries<string>;
  return {
    name: factory.vendor,
    exportName,
    samples,
    deliveries,
    typesOf: (event) => samples.events[event]?.types ?? [],
    sendsJson: deliveries.body('{}').headers['content-type']?.startsWith('application/json') ?? true,
  };
});
