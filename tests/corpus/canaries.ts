/** Card data planted wherever a sender could put it: each record holds one of its own, to be searched for. */
import type { EventType } from '../../src/events/event.ts'
import type { Header } from '../../src/events/record.ts'
import { TYPES, fullData } from '../events/samples.ts'
import { inputsOf, utf8 } from './input.ts'
import type { Input } from './input.ts'

type Members = Readonly<Record<string, unknown>>
/** A record, and the text that may stand nowhere else. */
export type Planted = Readonly<{ input: Input; canary: string }>

/** Sixteen digits of a scheme that pass the check; another for each number below 10^13. */
function cardOf(number: number): string {
  const body = `41${`${number}`.padStart(13, '0')}`
  const sum = [...body].reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

const grouped = (card: string, by: string) => card.match(/.{4}/g)?.join(by) ?? card
const wide = (card: string) =>
  [...card].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('')

/** How people and machines write it. */
const FORMS: readonly ((card: string) => string)[] = [
  (card) => card,
  (card) => `paid by ${card}, declined`,
  (card) => grouped(card, ' '),
  (card) => grouped(card, '-'),
  (card) => wide(card),
  (card) => `;${card}=25121010000012345678?`,
  (card) => `%B${card}^DOE/JOHN^2512101000?`,
]

const planted: Planted[] = []
const of = inputsOf('CARD')
let count = 0

/** `make` is given a card in one of its forms, and returns the record with it. */
function plant(make: (text: string, card: string) => Input, forms = FORMS): void {
  for (const form of forms) {
    const canary = cardOf(count++)
    planted.push({ input: make(form(canary), canary), canary })
  }
}

const record = (value: string | Uint8Array, other: Partial<Input> = {}): Input =>
  of.raw(`planted ${count}`, value, 'dead-letter:card-data', other)
const event = (members: Members, other: Partial<Input> = {}): Input =>
  record(of.text(members), other)

/** Every place in the data that holds a text, or a list of texts. */
function plantInTexts(type: EventType, data: Members): void {
  for (const [name, value] of Object.entries(data)) {
    const put = (text: unknown) => event({ type, data: { ...data, [name]: text } })
    if (typeof value === 'string') plant(put)
    else if (typeof value === 'number') plant((_, card) => put(Number(card)), FORMS.slice(0, 1))
    else if (Array.isArray(value)) plant((text) => put([text]))
    else if (typeof value === 'object' && value !== null) {
      for (const inner of Object.keys(value)) plant((text) => put({ ...value, [inner]: text }))
    }
  }
  plant((text) => event({ type, data: { ...data, colour: text } }))
  plant((text) => event({ type, data: { ...data, [text]: 1 } }))
}

const SECRET_NAMES = ['pan', 'CVV', 'cvc', 'cvv2', 'pin', 'pinBlock', 'track1', 'track2', 'emv']

/** What the name alone makes a secret has no form: a word stands for it. */
function plantByName(): void {
  for (const name of [...SECRET_NAMES, 'track2Data', 'expiry']) {
    const canary = `canary-${count++}`
    planted.push({ input: event({ data: of.sale({ [name]: canary }) }), canary })
    const inHeader = `canary-${count++}`
    planted.push({ input: event({}, { headers: [[name, utf8(inHeader)]] }), canary: inHeader })
    const broken = `canary-${count++}`
    planted.push({ input: record(`{"${name}":"${broken}"`), canary: broken })
  }
}

const ATTRIBUTES = [
  ...['id', 'source', 'type', 'time', 'tenantid', 'specversion', 'schemaversion', 'receivedat'],
  ...['subject', 'traceparent', 'colour'],
]

function plantInEnvelope(): void {
  for (const name of ATTRIBUTES) plant((text) => event({ [name]: text }))
  plant((text) => event({ [text]: 1 }))
  plant((text) => event({ deep: { er: [{ still: [text] }] } }))
  plant((text) => event({ type: 'coffee.served', note: text }))
  plant((text) => event({ data: text }))
  plant((text) => event({}, { key: utf8(text) }))
  plant((text) => event({ subject: text }, { key: utf8(text) }))
}

function plantInHeaders(): void {
  const binary: Header[] = [
    ...[
      ['ce_specversion', '1.0'],
      ['ce_id', 'CARD-h'],
      ['ce_source', 'urn:corpus:1'],
    ],
    ...[
      ['ce_type', 'card.authorisation'],
      ['ce_subject', 'M-CARD'],
      ['ce_time', '2026-06-10T02:06:04Z'],
    ],
  ].map(([name = '', text = '']): Header => [name, utf8(text)])
  plant((text) => event({}, { headers: [['note', utf8(text)]] }))
  plant((text) => event({}, { headers: [[text, utf8('x')]] }))
  plant((text) =>
    event({}, { headers: [['note', Buffer.concat([utf8(text), Buffer.from([0xff])])]] }),
  )
  for (const [at, [name]] of binary.entries()) {
    plant((text) =>
      record(JSON.stringify(of.sale()), { headers: binary.with(at, [name, utf8(text)]) }),
    )
  }
}

/** Bytes of which no event can be made. */
function plantInWrecks(): void {
  const text = (card: string) => of.text({ note: card })
  plant((card) => record(text(card).slice(0, -1)))
  plant((card) => record(`{bad ${card}`))
  plant((card) => record(card))
  plant((card) => record(JSON.stringify([card])))
  plant((card) => record(`\ufeff${text(card)}`))
  plant((card) => record(`${text(card)}${text(card)}`))
  plant((card) => record(text(card).replace('{', '{"a":1,"a":2,')))
  plant((card) => record(Buffer.from(text(card), 'utf16le')))
  plant((card) => record(Buffer.concat([utf8(text(card)), Buffer.from([0xff])])))
  plant((card) => record(text(card).replace('"note"', '"n\\ud800"')))
  plant((card) => record(`${'['.repeat(40)}"${card}"${']'.repeat(40)}`))
  plant((card) => record(text(card).replace('{', `{${'"w":1,'.repeat(1_001)}`)))
  plant((card) => record(text(`${'x'.repeat(100_000)} ${card}`)))
  plant((card) => record(text(`${'x'.repeat(300_000)} ${card}`)))
  plant(
    (_, card) => record(text('@').replace('@', [...card].map((it) => `\\u003${it}`).join(''))),
    FORMS.slice(0, 1),
  )
  plant((_, card) => record(text('@').replace('"@"', card)), FORMS.slice(0, 1))
}

for (const type of TYPES) plantInTexts(type, fullData(type))
plantByName()
plantInEnvelope()
plantInHeaders()
plantInWrecks()

export const PLANTED: readonly Planted[] = planted

const CARDS = new Set(planted.map(({ canary }) => canary))
const CARD_LENGTH = 16

/** Canaries in a text, however written: in groups, in full width, in escapes. */
export function canariesIn(text: string): ReadonlySet<string> {
  const utf16 = text.includes('\0') ? `${text}\n${asUtf16(text, 0)}\n${asUtf16(text, 1)}` : text
  const plain = utf16
    .replaceAll('\0', '')
    .replaceAll(/\\+u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .normalize('NFKC')
  const found = new Set<string>()
  for (const [word] of plain.matchAll(/canary-\d+/g)) if (CARDS.has(word)) found.add(word)
  for (const [run] of plain.replaceAll(/(?<=\d)[ -](?=\d)/g, '').matchAll(/\d{16,}/g)) {
    for (let at = 0; at + CARD_LENGTH <= run.length; at++) {
      const window = run.slice(at, at + CARD_LENGTH)
      if (CARDS.has(window)) found.add(window)
    }
  }
  return found
}

/** Of bytes told as characters: full width stands in no other text with a NUL in it. */
function asUtf16(text: string, from: number): string {
  return Buffer.from(text, 'latin1').subarray(from).toString('utf16le')
}
