/** EV31 to EV60: members that parse, and are wrong, odd, or only look like it. */
import type { z } from 'zod'
import type { EventType } from '../../src/events/event.ts'
import { TYPES, fullData, shapeOf } from '../events/samples.ts'
import { REQUIRED } from '../events/required-members.ts'
import { inputsOf, utf8 } from './input.ts'
import type { Expected, Input } from './input.ts'

const DEAD = 'dead-letter:'
const INVALID: Expected = `${DEAD}field-invalid`
const BAD_TIME: Expected = `${DEAD}time-invalid`
const CARD: Expected = `${DEAD}card-data`

/** `text`: as JSON writes it. */
function amounts(id: string, texts: readonly (readonly [text: string, expected: Expected])[]) {
  const of = inputsOf(id)
  return texts.map(([text, expected]) =>
    of.changed(`amount ${text}`, '"amount":12850', `"amount":${text}`, expected),
  )
}

function currencies(): Input[] {
  const of = inputsOf('EV33')
  const wrong = ['XXX', 'cny', 'RMB', 'CN', '', 'CNY ', '¥', 'toString']
  return wrong.map((currency) =>
    of.data(JSON.stringify(currency), { currency }, `${DEAD}currency-unknown`),
  )
}

const ATTRIBUTES = ['id', 'source', 'type', 'subject', 'time', 'data']

function withoutOne(): Input[] {
  const of = inputsOf('EV35')
  const attributes = ATTRIBUTES.map((name) =>
    of.event(`${name}`, { [name]: undefined }, `${DEAD}attribute-missing`),
  )
  // In a file the subject stands for the key: without both nothing says whose it is.
  const members = Object.entries(REQUIRED).flatMap(([type, names]) =>
    names
      .split(' ')
      .filter((name) => name !== '')
      .map((name) => {
        const data = { ...fullData(type as EventType), [name]: undefined }
        return of.event(`${type} ${name}`, { type, data }, `${DEAD}field-missing`)
      }),
  )
  return [...attributes, ...members]
}

/** A value that no schema of ours takes in its place. */
function wrongFor(schema: z.ZodType): unknown {
  return [7, 'seven', { odd: 1 }].find((value) => !schema.safeParse(value).success)
}

function ofWrongType(): Input[] {
  const of = inputsOf('EV36')
  const attribute: Expected = `${DEAD}attribute-invalid`
  const attributes = ATTRIBUTES.map((name) =>
    of.event(name, { [name]: 7 }, name === 'time' ? BAD_TIME : attribute),
  )
  const members = TYPES.flatMap((type) =>
    Object.entries(shapeOf(type)).map(([name, schema]) => {
      const data = { ...fullData(type), [name]: wrongFor(schema) }
      return of.event(`${type} ${name}`, { type, data }, INVALID)
    }),
  )
  return [...attributes, ...members]
}

function keys(id: string, texts: readonly (readonly [key: string, expected: Expected])[]): Input[] {
  const of = inputsOf(id)
  return texts.map(([subject, expected]) =>
    of.event(JSON.stringify(subject.slice(0, 20)), { subject }, expected, { key: utf8(subject) }),
  )
}

const BAD_KEY: Expected = `${DEAD}key-invalid`

function times(id: string, values: readonly unknown[], expected: Expected = BAD_TIME): Input[] {
  const of = inputsOf(id)
  return values.map((time) => of.event(JSON.stringify(time), { time }, expected))
}

function texts(id: string, values: readonly string[]): Input[] {
  const of = inputsOf(id)
  return values.map((legalName) => {
    const data = { merchantType: 'enterprise', mcc: '5411', timezone: 'Asia/Shanghai', legalName }
    return of.event(
      JSON.stringify(legalName),
      { type: 'merchant.registered', data: { ...data, channel: legalName } },
      'ok',
    )
  })
}

/** Ids are compared among the events of 72 hours: so these happened just now. */
function otherBody(): Input[] {
  const of = inputsOf('EV48')
  const timestampMs = Date.now()
  const same = { id: 'EV48-same', time: new Date(timestampMs).toISOString() }
  const other = { ...same, data: of.sale({ amount: 1 }) }
  return [
    of.event('the first', same, 'ok', { timestampMs }),
    of.event('another body', other, `${DEAD}id-reused`, { timestampMs }),
  ]
}

function ids(): Input[] {
  const of = inputsOf('EV49')
  const invalid: Expected = `${DEAD}attribute-invalid`
  return [
    of.event('empty', { id: '' }, invalid),
    of.event('10 kB', { id: 'i'.repeat(10_240) }, invalid),
    of.event('256 bytes', { id: 'i'.repeat(256) }, 'ok'),
    of.event('257 bytes in 129 characters', { id: `${'é'.repeat(128)}i` }, invalid),
    of.event('of one tenant', { id: 'EV49-same', tenantid: 'acq-a' }, 'ok'),
    of.event('of another', { id: 'EV49-same', tenantid: 'acq-b' }, 'ok'),
  ]
}

function beforeAndAfter(): Input[] {
  const of = inputsOf('EV47')
  const registered = { merchantType: 'enterprise', mcc: '5411', timezone: 'Asia/Shanghai' }
  const at = (time: string, members: object) => ({ time, ...members })
  return [
    of.event('before it', at('2026-06-01T10:00:00+08:00', {}), 'ok'),
    of.event(
      'the opening',
      at('2026-06-02T10:00:00+08:00', { type: 'merchant.registered', data: registered }),
      'ok',
    ),
    of.event(
      'the close',
      at('2026-06-03T10:00:00+08:00', { type: 'merchant.closed', data: {} }),
      'ok',
    ),
    of.event('behind it', at('2026-06-04T10:00:00+08:00', {}), 'ok'),
  ]
}

function outOfTurn(): Input[] {
  const of = inputsOf('EV50')
  const tell = (name: string, type: EventType, data: object) => of.event(name, { type, data }, 'ok')
  const money = { amount: 500, currency: 'CNY' }
  return [
    tell('pays what nobody asked', 'fee.payment.received', { invoiceId: 'none', ...money }),
    tell('reverses before the sale', 'card.reversal', {
      ...{ originalTransactionId: 'tx-later', reversalType: 'system-timeout' },
    }),
    tell('refunds more than was paid', 'card.refund', {
      ...{ transactionId: 'r-1', terminalId: 'T1', originalTransactionId: 'tx-7001' },
      ...{ amount: 9_999_999, currency: 'CNY' },
    }),
    tell('closes a dispute that was never opened', 'dispute.closed', { disputeId: 'none' }),
  ]
}

function cards(id: string, members: readonly (readonly [name: string, text: string])[]): Input[] {
  const of = inputsOf(id)
  return members.map(([name, text]) => of.data(`${name} ${text}`, { [name]: text }, CARD))
}

const VISA = '4111111111111111'

function zones(): Input[] {
  const of = inputsOf('EV59')
  const data = { merchantType: 'enterprise', mcc: '5411' }
  const zone = (timezone: string, expected: Expected): Input =>
    of.event(timezone, { type: 'merchant.registered', data: { ...data, timezone } }, expected)
  const unknown: Expected = `${DEAD}zone-unknown`
  return [
    ...['Etc/../x', 'Mars/Olympus', '+08:00', '', 'a'.repeat(60)].map((it) => zone(it, unknown)),
    ...['PST8PDT', 'Asia/Calcutta'].map((it) => zone(it, 'ok')),
  ]
}

/** An account each, all of one terminal, now: long ago, each of them would be told to be inactive. */
function flood(): Input[] {
  const of = inputsOf('EV60')
  const timestampMs = Date.now()
  const time = new Date(timestampMs).toISOString()
  return Array.from({ length: 100_000 }, (_, at) => {
    const subject = `M-EV60-${at}`
    return of.event(`${at}`, { subject, time }, 'ok', { key: utf8(subject), timestampMs })
  })
}

/** By class. */
export const MEMBERS: Readonly<Record<string, () => Input[]>> = {
  EV31: () =>
    amounts(
      'EV31',
      ['"12,34"', '"١٢"', '"0x10"', '" 5 "', '""', '"5"'].map((it) => [it, INVALID]),
    ),
  EV32: () => [
    ...amounts('EV32', [
      ['-1', INVALID],
      ['0', 'ok'],
      ['1000000000000000', 'ok'],
    ]),
    inputsOf('EV32').data('yen with decimals', { amount: 120.5, currency: 'JPY' }, INVALID),
  ],
  EV33: currencies,
  EV34: () => [
    inputsOf('EV34').event('unknown', { type: 'coffee.served' }, 'ignore'),
    inputsOf('EV34').event('inherited', { type: 'constructor', id: 'EV34-c' }, 'ignore'),
  ],
  EV35: withoutOne,
  EV36: ofWrongType,
  EV37: () => {
    const of = inputsOf('EV37')
    const unknown = { colour: 'red', deep: { er: [1] } }
    return [
      of.event('in the envelope', unknown, 'ok'),
      of.event('in the data', { data: of.sale(unknown) }, 'ok'),
    ]
  },
  EV38: () =>
    [0, 99, '1', 1.5, {}].map((schemaversion) =>
      inputsOf('EV38').event(
        JSON.stringify(schemaversion),
        { schemaversion },
        `${DEAD}schema-version-unsupported`,
      ),
    ),
  EV39: () =>
    keys('EV39', [
      ['../../x', 'ok'],
      ['__proto__', 'ok'],
      ['constructor', 'ok'],
      ['{p3}evil', BAD_KEY],
      ['a b', BAD_KEY],
      ['a\r\nSET x', BAD_KEY],
      ['n'.repeat(300), BAD_KEY],
      ['shop 🏪', BAD_KEY],
      ['M\u202e1', BAD_KEY],
      ['М1', BAD_KEY],
      ['caf\u00e9', BAD_KEY],
      ['cafe\u0301', BAD_KEY],
    ]),
  EV40: () =>
    keys('EV40', [
      ['}{p0', BAD_KEY],
      ['{p0', BAD_KEY],
      ['p0}', BAD_KEY],
    ]),
  EV41: () => times('EV41', ['2026-02-30T00:00:00Z', '2025-02-29T00:00:00Z']),
  EV42: () => times('EV42', ['2026-01-01T24:00:00Z', '2026-01-01T23:60:00Z']),
  EV43: () => times('EV43', ['2016-12-31T23:59:60Z']),
  EV44: () => [
    ...times('EV44', [
      ...['2026-06-10T10:06:04', '2026-06-10T10:06:04+25:00', '2026-06-10T10:06:04-00:00'],
      ...['2026-06-10T10:06:04z', '2026-06-10t10:06:04Z', '2026-06-10T10:06:04,5Z'],
      ...[`2026-06-10T10:06:04.${'1'.repeat(30)}Z`, '2026-06-10 10:06:04Z', '2026-06-10'],
    ]),
    inputsOf('EV44').event(
      'nine digits',
      { id: 'EV44-9', time: '2026-06-10T10:06:04.123456789Z' },
      'ok',
    ),
  ],
  EV45: () =>
    times('EV45', ['1', 0, -1, 1_781_057_164, 1_781_057_164_250_000, 8.64e15 + 1, '', {}, true]),
  EV46: () => [
    ...times('EV46', [
      ...['0001-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '9999-01-01T00:00:00Z'],
      '+010000-01-01T00:00:00Z',
    ]),
    inputsOf('EV46').event('9998', { id: 'EV46-f', time: '9998-12-31T23:59:59Z' }, 'clamp'),
  ],
  EV47: beforeAndAfter,
  EV48: otherBody,
  EV49: ids,
  EV50: outOfTurn,
  EV51: () => [
    ...cards('EV51', [
      ['note', `paid by ${VISA}`],
      ['note', '4111 1111 1111 1111'],
      ['channel', '4111-1111-1111-1111'],
      ['channel', '４１１１１１１１１１１１１１１１'],
    ]),
    // Neither half is a card, and who puts them together again is not known.
    inputsOf('EV51').data('split over two', { note: VISA.slice(0, 8), more: VISA.slice(8) }, 'ok'),
  ],
  EV52: () =>
    cards('EV52', [
      ['note', ';4111111111111111=25121010000012345678?'],
      ['note', '%B4111111111111111^DOE/JOHN^2512101?'],
    ]),
  EV53: () =>
    cards('EV53', [
      ['cvv', '123'],
      ['CVV2', '123'],
      ['pinBlock', '0412AC89ABCDEF67'],
      ['emv', '9F2608'],
    ]),
  EV54: () => texts('EV54', ['<img onerror=alert(1) src=x>', '"><script>alert(1)</script>']),
  EV55: () => texts('EV55', ['=HYPERLINK("http://x","y")', '@SUM(1)', '+1', '-1|cmd']),
  EV56: () => texts('EV56', ['a\u2028b', '\u001b[2J', 'a\r\nb', 'a\u0007b', '\u202eabc']),
  EV57: () => texts('EV57', ['{{7*7}}', '${env}', '%s%n', '#{1}', '$(id)', '`id`']),
  EV59: zones,
  EV60: flood,
}
