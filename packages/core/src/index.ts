export type { Awaitable } from './awaitable.ts';
export { type Clock, systemClock } from './clock.ts';
export { type MemoryDedupOptions, memoryDedup } from './dedup/memory.ts';
export type { Claim, DedupStore } from './dedup/store.ts';
export * from './diagnostics.ts';
export { ChathooksError, type ErrorCode, type ErrorInfo, errorCodes, hasErrorCode, PermanentError } from './errors.ts';
export type { Campaign } from './events/campaign.ts';
export { catalog, type EventData, type EventType, eventTypes } from './events/catalog.ts';
export type { Chat } from './events/chat.ts';
export type { Contact, Label } from './events/contact.ts';
export type { ChatEvent, EventMode, EventOf } from './events/event.ts';
export { identifier, optionalIdentifier, optionalText, optionalTime } from './events/fields.ts';
export {
  type Interactive,
  type Location,
  type Media,
  type Message,
  type MessageKind,
  messageKinds,
  type Referral,
} from './events/message.ts';
export type { Order, Product } from './events/order.ts';
export type { Person } from './events/person.ts';
export { toPhone } from './events/phone.ts';
export { present } from './events/present.ts';
export { eventRef } from './events/ref.ts';
export {
  isMessageStatus,
  type MessageError,
  type MessageStatus,
  type MessageStatusData,
  messageStatuses,
  type Pricing,
  statusRank,
} from './events/status.ts';
export { toIsoTime } from './events/time.ts';
export type { Transfer } from './events/transfer.ts';
export { type GroupCommitOptions, groupCommit } from './group-commit.ts';
export type { Handler, HandlerContext, HandlerName, Handlers, Unsubscribe } from './handlers.ts';
export type { InboundRequest, Reply } from './http.ts';
export type {
  FailedEvent,
  FailedEvents,
  FailureReason,
  Inbox,
  InboxCounts,
  InboxEntry,
  InboxHandler,
  InboxSettings,
  InboxTry,
  InboxVerdict,
} from './inbox/inbox.ts';
export { inboxSettings, retryDelay } from './inbox/settings.ts';
export { consoleLogger, type Logger, silentLogger } from './logger.ts';
export type {
  DedupSettings,
  HandlingSettings,
  Limits,
  ReceiverOptions,
  ReceiverSettings,
  WorkerOptions,
} from './options.ts';
export type { Environment, ProviderFactory } from './providers/factory.ts';
export * from './providers/index.ts';
export * as providerFactories from './providers/index.ts';
export {
  byEventName,
  contentKey,
  type Delivery,
  defineProvider,
  type EventReader,
  type EventTable,
  type Handshake,
  type NormalizedEvent,
  notModelled,
  type Provider,
  type ProviderDefinition,
  type ProviderEvent,
  type ProviderSettings,
  readItem,
  reads,
  type Unreadable,
  unknownEvent,
} from './providers/provider.ts';
export type { JsonObject, JsonValue, Sample, Samples } from './providers/samples.ts';
export { readsData, type StandardEnvelope, type StandardEvent } from './providers/standard-webhooks/reads-data.ts';
export { createReceiver, type Receiver, toReceiver } from './receiver.ts';
export type { CalledUrlOptions } from './signatures/called-url.ts';
export { basic, bearer, pathSecret, querySecret, staticHeader, unauthenticated } from './signatures/credentials.ts';
export { type Form, parseForm } from './signatures/form.ts';
export { type HmacOptions, hmac } from './signatures/hmac.ts';
export type { HmacAlgorithm, SignatureEncoding } from './signatures/hmac-key.ts';
export { hubHandshake } from './signatures/hub-handshake.ts';
export { byPresentHeaders } from './signatures/present-headers.ts';
export type { Secret, SecretQuery, SecretSource } from './signatures/secrets.ts';
export { type StandardWebhooksSignatureOptions, standardWebhooksSignature } from './signatures/standard-webhooks.ts';
export { type TimestampedHmacOptions, timestampedHmac } from './signatures/timestamped-hmac.ts';
export { type TwilioSignatureOptions, twilioSignature } from './signatures/twilio-signature.ts';
export type { RefusalReason, UnverifiedRequest, Verification, Verifier } from './signatures/verifier.ts';
export { createWorker, type Worker } from './worker.ts';
