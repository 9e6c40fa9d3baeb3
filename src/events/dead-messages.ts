/** What to say of a dead record: what is wrong, and what its sender can do. Never a value of it. */
import { utf8Length } from './utf8.ts'
import type { DeadCode } from './event.ts'

const BYTES_MAX = 512

const TEXTS: Readonly<Record<DeadCode, string>> = {
  'batch-unreadable': 'The batch cannot be read: send its records again with a known codec.',
  'value-missing': 'The record has no value: send the event as JSON.',
  'value-too-large': 'The value is larger than 256 kB: send less in one event.',
  'encoding-invalid':
    'The record is not clean UTF-8: no other encoding, no half of a surrogate pair, no NUL in an id.',
  'json-invalid': 'The value is not one JSON text: check quotes, commas, a byte order mark.',
  'json-too-deep': 'The value nests deeper than 32: flatten what is not needed.',
  'json-too-wide': 'The value has more than 1,000 members: send what the type names.',
  'json-duplicate-key': 'An object of the value names a member twice: send each once.',
  'json-not-object': 'The value is JSON but not an object: send one event per record.',
  'key-missing': 'The record has no key: set it to the merchant id.',
  'key-invalid':
    'The key is not 1 to 64 characters of printable ASCII without space and braces: map the id.',
  'key-mismatch': 'Key and subject differ: both are the merchant id.',
  'attribute-missing': 'An attribute that every event has to have is missing.',
  'attribute-invalid': 'An attribute has the wrong type or form.',
  'time-invalid':
    'The time is no RFC 3339 instant with offset, such as 2026-06-10T10:06:04.250+08:00.',
  'schema-version-unsupported': 'The schemaversion is not 1: send events of version 1.',
  'tenant-mismatch': 'The tenant may not write to this topic: check tenantid or the binding.',
  'field-missing': 'A member that the type requires is missing.',
  'field-invalid': 'A member has the wrong type or form.',
  'currency-unknown': 'The currency is no ISO 4217 code in upper case.',
  'zone-unknown': 'The zone is no IANA name, such as Asia/Shanghai.',
  'card-data':
    'Card data was found: card numbers, tracks, codes and PINs must not enter. Send the token.',
  'id-reused': 'Another event had this source and id: give each event an id of its own.',
}

export function messageOf(code: DeadCode, path?: string, why?: string): string {
  const where = path === undefined ? '' : ` (${path})`
  const message = `${TEXTS[code]}${where}${why === undefined ? '' : ` ${why}.`}`
  return utf8Length(message) <= BYTES_MAX ? message : `${TEXTS[code]}${where}`
}
