export { adapterConformance } from './adapter-conformance.ts';
export type {
  AdapterApp,
  AdapterCapabilities,
  AdapterServer,
  AdapterSubject,
  ParserKind,
} from './adapter-conformance-subject.ts';
export { createTestClock, type TestClock, type TestClockOptions } from './clock.ts';
export { dedupStoreConformance } from './dedup-store-conformance.ts';
export type { DedupStoreCapabilities, DedupStoreSubject } from './dedup-store-subject.ts';
export {
  type Changes,
  type Deliver,
  type DeliverOptions,
  deliver,
  type SignedDelivery,
  type VendorDeliveries,
} from './deliver.ts';
export { inboxConformance } from './inbox-conformance.ts';
export type { InboxCapabilities, InboxSubject } from './inbox-subject.ts';
export { type ProviderSubject, providerConformance, type SignatureVector } from './provider-conformance.ts';
export { assertFitsCatalog, assertSurvivesJson } from './provider-conformance-events.ts';
export type { TestRunner } from './test-runner.ts';
