export { type WexioAuth, type WexioOptions, type WexioSignature, wexio } from './wexio/index.ts';
