/** The input that the golden records come from: a few merchants, one story each, always the same bytes. */
import type { RawRecord } from '../../src/core/ports.ts'
import { history } from '../support/history.ts'

const encoder = new TextEncoder()

type Line = Readonly<{ key: string; text: string; timestampMs: number }>

/** As read from the topic, in order of arrival. */
export function goldenRecords(): readonly RawRecord[] {
  const lines = [...tellStories(), ...deadLines()]
  return lines
    .toSorted((a, b) => a.timestampMs - b.timestampMs)
    .map(({ key, text, timestampMs }, offset) => ({
      offset,
      key: encoder.encode(key),
      value: encoder.encode(text),
      headers: [],
      timestampMs,
    }))
}

function tellStories(): Line[] {
  const stories = [
    ...[overdue(), idle(), backFromLate(), declines()],
    ...[busyDay('M-busy'), undone(), leaves()],
  ]
  return stories.flatMap((story) =>
    story.lines().map((text) => {
      const { subject, receivedat } = JSON.parse(text) as { subject: string; receivedat: string }
      return { key: subject, text, timestampMs: Date.parse(receivedat) }
    }),
  )
}

function shop(merchantId: string, since = '2026-01-05') {
  const story = history({ merchantId })
  story.registers(`${since}T08:00`, { merchantType: 'individual-business' })
  story.tell(`${since}T08:05`, 'terminal.delivered', { terminalId: 'T1', serialNo: 'SN-1' })
  story.activates(`${since}T08:10`)
  return story
}

/** Announced, overdue up to the final warning, paid. */
function overdue() {
  const story = shop('M-fees', '2026-05-01')
  story.tell('2026-05-10T08:00', 'fee.invoiced', {
    invoiceId: 'inv-31',
    feeType: 'terminal-rental',
    amount: 12_000,
    currency: 'CNY',
    dueDate: '2026-06-01',
    method: 'debit',
  })
  const paid = { invoiceId: 'inv-31', amount: 12_000, currency: 'CNY', method: 'transfer' }
  story.tell('2026-06-20T11:30', 'fee.payment.received', paid)
  return story
}

/** Two tills; the second is idle from the middle of January: every stage, up to the day itself. */
function idle(merchantId = 'M-idle') {
  const story = shop(merchantId)
  story.activates('2026-01-05T08:20', 'T2')
  story.sells('2026-01-15T18:00', { terminalId: 'T2' })
  for (const month of ['01', '02', '03', '04', '05', '06']) story.sells(`2026-${month}-20T12:00`)
  return story
}

/** A sale that the second till kept for weeks disproves what was told. */
function backFromLate() {
  const story = idle('M-late')
  const kept = { terminalId: 'T2', offline: true, arrives: '2026-04-02T09:00' }
  story.sells('2026-03-10T12:00', kept)
  return story
}

/** Three cards, each refused three times within minutes. */
function declines() {
  const story = shop('M-declines', '2026-06-01')
  for (const [card, hour] of ['10', '12', '14'].entries()) {
    for (const minute of ['00', '02', '04']) {
      const data = { responseCode: '14', cardToken: `h1:card${card}`, last4: `482${card}` }
      story.sells(`2026-06-10T${hour}:${minute}`, data)
    }
  }
  return story
}

/** Three weeks of steady trade, then a day of four times as much. */
function busyDay(merchantId: string) {
  const story = shop(merchantId, '2026-05-01')
  for (let day = 2; day <= 26; day++) sellSix(story, `2026-05-${twoDigits(day)}`)
  for (let sale = 0; sale < 24; sale++) {
    const data = { amount: 30_000, transactionId: `tx-s${sale}` }
    story.sells(`2026-05-27T11:${twoDigits(sale * 2)}`, data)
  }
  for (const day of [28, 29, 30]) sellSix(story, `2026-05-${day}`)
  return story
}

function sellSix(story: ReturnType<typeof history>, date: string): void {
  for (const hour of [10, 11, 12, 15, 16, 17]) story.sells(`${date}T${hour}:00`, { amount: 30_000 })
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** A busy day whose sales are voided before it ends. */
function undone() {
  const story = busyDay('M-undone')
  for (let sale = 0; sale < 20; sale++) {
    const data = { originalTransactionId: `tx-s${sale}`, sameDay: true }
    story.tell(`2026-05-27T18:${twoDigits(sale)}`, 'card.void', data)
  }
  return story
}

/** Suspended and, in the end, deregistered: a tombstone. */
function leaves() {
  const story = shop('M-leaves', '2026-05-01')
  const decision = { effectiveAt: '2026-06-01', reasonCategory: 'documents' }
  story.tell('2026-06-01T09:00', 'account.suspended', decision)
  story.tell('2026-06-15T09:00', 'account.deregistered', { effectiveAt: '2026-06-15' })
  return story
}

const SALE = {
  transactionId: 'tx-1',
  terminalId: 'T1',
  mti: '0200',
  amount: 12_850,
  currency: 'CNY',
  responseCode: '00',
  approved: true,
}

/** One refused record of each kind that looks different in the dead-letter topic. */
function deadLines(): Line[] {
  const sale = (members: object, data: object = {}) =>
    JSON.stringify({
      id: 'e-dead',
      source: 'urn:t:1',
      type: 'card.authorisation',
      subject: 'M-dead',
      time: '2026-06-10T10:06:04+08:00',
      ...members,
      data: { ...SALE, ...data },
    })
  const texts = [
    '{"id":"e-1","source":"urn:t:1","type":"card.authorisation",',
    sale({ subject: 'M-other' }),
    sale({}, { amount: 128.5 }),
    // A number of the card schemes' own examples.
    sale({}, { authCode: '4111 1111 1111 1111' }),
    sale({ note: 'x'.repeat(70_000) }, { currency: 'RMB' }),
    sale({ id: 'e-twice' }),
    sale({ id: 'e-twice' }, { amount: 1 }),
  ]
  const fromMs = Date.parse('2026-06-10T10:06:05+08:00')
  return texts.map((text, at) => ({ key: 'M-dead', text, timestampMs: fromMs + at * 1_000 }))
}
