import { readFileSync } from 'node:fs';
import { type ChatEvent, catalog, createReceiver, type Samples } from '@chathooks/core';
import type { z } from 'zod';
import { campaignSchema } from '../../packages/core/src/events/campaign.ts';
import { chatSchema } from '../../packages/core/src/events/chat.ts';
import { contactSchema, labelSchema } from '../../packages/core/src/events/contact.ts';
import {
  interactiveSchema,
  locationSchema,
  mediaSchema,
  messageSchema,
  referralSchema,
} from '../../packages/core/src/events/message.ts';
import { orderSchema, productSchema } from '../../packages/core/src/events/order.ts';
import { personSchema } from '../../packages/core/src/events/person.ts';
import { messageErrorSchema, pricingSchema } from '../../packages/core/src/events/status.ts';
import { transferSchema } from '../../packages/core/src/events/transfer.ts';
import { vendors } from '../vendors.ts';
import { absolute } from './markdown.ts';
import { richerDeliveries } from './richer.ts';

/** A named part of the model, in the order of the guide. */
export interface Shape {
  readonly name: string;
  readonly schema: z.ZodObject;
  /** The file that holds its comments. */
  readonly file: string;
}

export const shapes: readonly Shape[] = [
  { name: 'Message', schema: messageSchema, file: 'message' },
  { name: 'Media', schema: mediaSchema, file: 'message' },
  { name: 'Location', schema: locationSchema, file: 'message' },
  { name: 'Interactive', schema: interactiveSchema, file: 'message' },
  { name: 'Order', schema: orderSchema, file: 'order' },
  { name: 'Product', schema: productSchema, file: 'order' },
  { name: 'Referral', schema: referralSchema, file: 'message' },
  { name: 'MessageError', schema: messageErrorSchema, file: 'status' },
  { name: 'Pricing', schema: pricingSchema, file: 'status' },
  { name: 'Person', schema: personSchema, file: 'person' },
  { name: 'Contact', schema: contactSchema, file: 'contact' },
  { name: 'Label', schema: labelSchema, file: 'contact' },
  { name: 'Chat', schema: chatSchema, file: 'chat' },
  { name: 'Campaign', schema: campaignSchema, file: 'campaign' },
  { name: 'Transfer', schema: transferSchema, file: 'transfer' },
];

/** A vendor's samples, and the events that they and {@link richerDeliveries} become. */
export interface VendorSamples {
  readonly vendor: string;
  readonly environmentVariables: readonly string[];
  readonly samples: Samples;
  readonly events: readonly ChatEvent[];
}

/** All vendors. */
export async function readVendors(): Promise<readonly VendorSamples[]> {
  return Promise.all(
    vendors.map(async ({ vendor, factory, samples, deliveries }) => {
      const events: ChatEvent[] = [];
      const onEvent = (event: ChatEvent) => void events.push(event);
      const receiver = createReceiver({ providers: [deliveries.provider()], logger: false, onEvent });
      const short = deliveries.events.map((event) => deliveries(event));
      for (const { method, path, headers, body } of [...short, ...(richerDeliveries[vendor] ?? [])]) {
        const request = { method, path, url: `http://localhost${path}`, header: (name: string) => headers[name] };
        const reply = await receiver.handle({ ...request, body: () => body });
        if (reply?.status !== 200) throw new Error(`${vendor}: ${reply?.status} for ${new TextDecoder().decode(body)}`);
      }
      return { vendor, environmentVariables: factory.environmentVariables, samples, events };
    }),
  );
}

/** Which fields of each shape are filled in events: `Message.text`. */
export function filledFields(events: readonly ChatEvent[]): ReadonlySet<string> {
  const filled = new Set<string>();
  const walk = (schema: z.core.$ZodType, value: unknown) => {
    const type = unwrap(schema);
    if (Array.isArray(value) && isArray(type)) for (const item of value) walk(type.def.element, item);
    if (!isObject(type) || typeof value !== 'object' || value === null) return;
    const name = shapeOf(type)?.name;
    for (const [field, inner] of Object.entries(type.shape)) {
      const content: unknown = Reflect.get(value, field);
      if (content === undefined) continue;
      filled.add(`${name}.${field}`);
      walk(inner, content);
    }
  };
  for (const event of events) {
    walk(catalog[event.type], event.data);
    for (const field of Object.keys(event)) filled.add(`ChatEvent.${field}`);
  }
  return filled;
}

/** A schema as a reader of TypeScript would write it. */
export function typeOf(schema: z.core.$ZodType): string {
  const type = tag(schema);
  if (isOptional(schema)) return typeOf(schema.def.innerType);
  if (type === 'nullable') return `${typeOf(unwrap(schema))} | null`;
  if (isArray(schema)) return `${typeOf(schema.def.element)}[]`;
  if (isEnum(schema)) return schema.options.map((option) => `'${option}'`).join(' | ');
  if (isUnion(schema)) return schema.options.map(typeOf).join(' | ');
  if (isObject(schema)) return shapeOf(schema)?.name ?? partialOf(schema) ?? `{ ${fieldsOf(schema).join(', ')} }`;
  if (type === 'record') return 'object';
  return type === 'custom' ? 'string' : type;
}

/** The fields of an object, `text?: string`. */
export const fieldsOf = (schema: z.ZodObject): readonly string[] =>
  Object.entries(schema.shape).map(([name, field]) => `${name}${isOptional(field) ? '?' : ''}: ${typeOf(field)}`);

export const isOptional = (schema: z.core.$ZodType): schema is z.ZodOptional => tag(schema) === 'optional';
export const isArray = (schema: z.core.$ZodType): schema is z.ZodArray => tag(schema) === 'array';
const isEnum = (schema: z.core.$ZodType): schema is z.ZodEnum => tag(schema) === 'enum';
const isUnion = (schema: z.core.$ZodType): schema is z.ZodUnion => tag(schema) === 'union';
export const isObject = (schema: z.core.$ZodType): schema is z.ZodObject => tag(schema) === 'object';
const tag = (schema: z.core.$ZodType) => schema._zod.def.type;

const isWrapper = (schema: z.core.$ZodType): schema is z.ZodOptional | z.ZodNullable =>
  isOptional(schema) || tag(schema) === 'nullable';
export const unwrap = (schema: z.core.$ZodType): z.core.$ZodType =>
  isWrapper(schema) ? unwrap(schema.def.innerType) : schema;
const shapeOf = (schema: z.core.$ZodType) => shapes.find((shape) => shape.schema === schema);

function partialOf(schema: z.ZodObject): string | undefined {
  const names = Object.keys(schema.shape).join();
  const whole = shapes.find((shape) => Object.keys(shape.schema.shape).join() === names);
  return whole && `Partial<${whole.name}>`;
}

/** The comments of a declaration's fields in a source of the model: the descriptions of the documentation. */
export function commentsOf(file: string, declaration: string): ReadonlyMap<string, string> {
  const source = readFileSync(absolute(`packages/core/src/events/${file}.ts`), 'utf8');
  const start = source.indexOf(declaration);
  if (start === -1) throw new Error(`${file}.ts has no "${declaration}"`);
  const body = source.slice(start, source.indexOf('\n}', start));
  const fields = body.matchAll(/^(?: {2}\/\*\* (.+?) \*\/\n)? {2}(?:readonly )?(\w+)\??: /gm);
  return new Map(
    Array.from(fields, ([, comment = '', field = '']) => [field, comment.replace(/\{@link (\w+)\}/g, '`$1`')]),
  );
}
