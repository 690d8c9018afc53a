/** Beyond it, sorting and joining would take longer than a signature is worth. Vendors send some dozens. */
export const maxFormParameters = 1_000;

/** Strict: bytes that are no UTF-8 are refused. Exact: a byte order mark is part of a name. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The values of each name, both in the order in which they came. */
export type FormParameters = ReadonlyMap<string, readonly string[]>;

/** An object of a form: a text for each name, a list of texts for a name that came several times. */
export type Form = Readonly<Record<string, string | readonly string[]>>;

/**
 * Reads the bytes of an `application/x-www-form-urlencoded` body.
 *
 * @remarks Stricter than browsers are: nobody can tell what was signed where an escape or its UTF-8 is broken.
 * @throws `RangeError` when there are more than {@link maxFormParameters}; `URIError` or `TypeError` when an escape, or
 * the UTF-8, is broken
 */
export function readForm(body: Uint8Array): FormParameters {
  // Counted before anything is made of them: a body of a megabyte has room for half a million.
  let separators = 0;
  for (let index = 0; index < body.length; index++) if (body[index] === 0x26) separators++;
  if (separators >= maxFormParameters) throw new RangeError(`A form has more than ${maxFormParameters} parameters`);

  const parameters = new Map<string, string[]>();
  for (const part of utf8.decode(body).split('&')) {
    if (part === '') continue;
    const end = part.indexOf('=');
    const name = decode(end === -1 ? part : part.slice(0, end));
    const value = end === -1 ? '' : decode(part.slice(end + 1));
    const values = parameters.get(name);
    if (values) values.push(value);
    else parameters.set(name, [value]);
  }
  return parameters;
}

/**
 * Reads a form, for the `parse` of a provider whose vendor sends forms.
 *
 * @throws what {@link readForm} throws; the receiver answers 400
 */
export function parseForm(body: Uint8Array): Form {
  // Defined, not assigned: a parameter named `__proto__` is one like any other.
  return Object.fromEntries(
    Array.from(readForm(body), ([name, [first = '', ...others]]) => [
      name,
      others.length === 0 ? first : [first, ...others],
    ]),
  );
}

/**
 * What Twilio, and its like, sign of a form: names and values in the order of the names. Values of one name are sorted
 * too, and each counts once.
 */
export function joinSorted(parameters: FormParameters): string {
  const sorted = [...parameters].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted
    .flatMap(([name, values]) => {
      const each = values.length === 1 ? values : [...new Set(values)].sort();
      return each.map((value) => name + value);
    })
    .join('');
}

/** Tells by the content type whether a body is JSON. Twilio and its like send forms unless they say otherwise. */
export const saysJson = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^\s*application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType);

const decode = (text: string) => decodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
