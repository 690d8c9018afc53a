import { ChathooksError } from '../errors.ts';
import type { Provider } from './provider.ts';
import type { Samples } from './samples.ts';

/** The variables of a process's environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a vendor's folder exports: `wexio({ … })` makes a provider. */
export interface ProviderFactory<Options, SampleName extends string = string> {
  (options: Options): Provider;
  /** The name of its providers, unless they are given another: `whatsapp-cloud`. */
  readonly vendor: string;
  /** The variables that {@link ProviderFactory.fromEnvironment} reads. */
  readonly environmentVariables: readonly string[];
  /**
   * A provider with the secrets of the environment; `undefined` when none of them is there.
   *
   * @throws {@link ChathooksError} `missing_secret` when only some are there, or one is empty
   */
  fromEnvironment(environment: Environment): Provider | undefined;
  /** An example of every event. */
  readonly samples: Samples<SampleName>;
}

/** Makes the factory of a vendor. */
export function providerFactory<Options, SampleName extends string>(
  create: (options: Options) => Provider,
  about: {
    readonly vendor: string;
    readonly environmentVariables: readonly string[];
    /** Options from the values of the variables, in their order. */
    readonly fromValues: (...values: string[]) => NoInfer<Options & object>;
    readonly samples: Samples<SampleName>;
  },
): ProviderFactory<Options, SampleName> {
  const { vendor, environmentVariables, fromValues, samples } = about;
  const createChecked = (options: Options) => {
    if (typeof options === 'object' && options !== null) return create(options);
    const names = Object.entries(fromValues(...environmentVariables));
    const example = names.map(([name, variable]) => `${name}: process.env.${variable}`).join(', ');
    throw new ChathooksError('missing_secret', `The provider has no options, expected at least { ${example} }`);
  };
  return Object.assign(createChecked, {
    vendor,
    environmentVariables,
    samples,
    fromEnvironment(environment: Environment) {
      const values = environmentVariables.map((name) => environment[name]);
      if (values.every((value) => value === undefined)) return undefined;
      const secrets = values.filter((value) => value !== undefined).filter((value) => value !== '');
      if (secrets.length === values.length) return create(fromValues(...secrets));
      throw new ChathooksError(
        'missing_secret',
        `${environmentVariables.filter((name) => !environment[name]).join(' and ')} is missing or empty in the environment, ` +
          `expected a secret; to do without this provider, unset ${environmentVariables.join(' and ')}`,
      );
    },
  });
}
