export type { BodyStreamLike } from './body.ts';
export { type NodeHandler, type NodeHandlerRequest, toNodeHandler } from './handler.ts';
export { type NodeResponseLike, writeReply } from './reply.ts';
export {
  absoluteUrl,
  createRequestReader,
  type NodeRequestLike,
  type ParsedLike,
  pathOf,
  type RequestParts,
} from './request.ts';
