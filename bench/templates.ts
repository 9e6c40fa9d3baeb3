/** The events of the benchmark's stream as text. An authorisation has some 330 bytes. */
export type Sale = Readonly<{
  serial: number
  merchant: number
  card: number
  /** In fen. */
  amount: number
  timeMs: number
}>

const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
/** Response codes: no funds, do not honour, over the limit, wrong PIN, expired, issuer away. */
const CODES = ['51', '05', '61', '55', '54', '91'] as const
const MCCS = ['5411', '5812', '5814', '5651', '5722', '7230'] as const
const ENTRY = ['chip', 'contactless', 'contactless', 'qr'] as const

export function keyOf(merchant: number): string {
  return `M${String(1_000_000 + merchant)}`
}

/** Registered, then its terminal activated. */
export function register(merchant: number, isFirst: boolean, timeMs: number): string {
  const data = isFirst
    ? `"merchantType":"individual-business","mcc":"${MCCS[merchant % MCCS.length]}","timezone":"Asia/Shanghai","country":"CN","scale":${1_000_000 + merchant}`
    : `"terminalId":"T1","serialNo":"SN-${merchant}-1","model":"X1","role":"primary","mobility":"fixed"`
  const type = isFirst ? 'merchant.registered' : 'terminal.activated'
  return event(
    { id: `r-${merchant}-${isFirst ? 0 : 1}`, source: 'boarding:1' },
    type,
    merchant,
    timeMs,
    data,
  )
}

/** `code`: which of the declines; undefined: approved. */
export function authorisation(sale: Sale, code: number | undefined): string {
  const { serial, merchant, card, amount, timeMs } = sale
  const entry = ENTRY[serial % ENTRY.length]
  const answer = code === undefined ? '"00","approved":true' : `"${CODES[code]}","approved":false`
  const token = `h1:${(card * 2_654_435_761).toString(36)}`
  const data = `"transactionId":"tx-${serial}","terminalId":"T1","mti":"0200","amount":${amount},"currency":"CNY","responseCode":${answer},"stan":"${digits(serial, 6)}","entryMode":"${entry}","cardToken":"${token}","last4":"${digits(card, 4)}"`
  return event(switchOf(serial, merchant), 'card.authorisation', merchant, timeMs, data)
}

export function refund(serial: number, sale: Sale, timeMs: number): string {
  const data = `"transactionId":"tx-${serial}","terminalId":"T1","amount":${sale.amount},"currency":"CNY","originalTransactionId":"tx-${sale.serial}","matched":true`
  return event(switchOf(serial, sale.merchant), 'card.refund', sale.merchant, timeMs, data)
}

export function reversal(serial: number, sale: Sale, timeMs: number): string {
  const originalTime = local(sale.timeMs)
  const data = `"originalTransactionId":"tx-${sale.serial}","reversalType":"merchant-void","originalTime":"${originalTime}","amount":${sale.amount},"currency":"CNY","terminalId":"T1"`
  return event(switchOf(serial, sale.merchant), 'card.reversal', sale.merchant, timeMs, data)
}

export function heartbeat(serial: number, merchant: number, timeMs: number): string {
  const data = `"terminalId":"T1","serialNo":"SN-${merchant}-1","intervalS":14400,"battery":${40 + (serial % 60)},"network":"4g","signal":-${60 + (serial % 30)},"storedOfflineCount":0`
  return event({ id: `h-${serial}`, source: 'tms:1' }, 'terminal.heartbeat', merchant, timeMs, data)
}

/** Due in 5 to 20 days. */
export function invoice(serial: number, merchant: number, timeMs: number): string {
  const due = local(timeMs + (5 + (serial % 16)) * DAY_MS).slice(0, 10)
  const data = `"invoiceId":"inv-${serial}","feeType":"terminal-rental","amount":${feeOf(serial)},"currency":"CNY","dueDate":"${due}","method":"transfer"`
  return event({ id: `f-${serial}`, source: 'billing:1' }, 'fee.invoiced', merchant, timeMs, data)
}

/** In full. */
export function payment(
  serial: number,
  owed: Readonly<{ merchant: number; serial: number }>,
  timeMs: number,
): string {
  const data = `"invoiceId":"inv-${owed.serial}","amount":${feeOf(owed.serial)},"currency":"CNY","method":"transfer"`
  const from = { id: `f-${serial}`, source: 'billing:1' }
  return event(from, 'fee.payment.received', owed.merchant, timeMs, data)
}

function feeOf(serial: number): number {
  return 2_000 + (serial % 40) * 100
}

type From = Readonly<{ id: string; source: string }>

function switchOf(serial: number, merchant: number): From {
  return { id: `e-${serial}`, source: `switch:${merchant % 8}` }
}

function event(
  { id, source }: From,
  type: string,
  merchant: number,
  timeMs: number,
  data: string,
): string {
  return `{"id":"${id}","source":"urn:${source}","type":"${type}","subject":"${keyOf(merchant)}","time":"${local(timeMs)}","data":{${data}}}`
}

function local(timeMs: number): string {
  return `${new Date(timeMs + SHANGHAI_MS).toISOString().slice(0, -1)}+08:00`
}

function digits(number: number, count: number): string {
  return String(number % 10 ** count).padStart(count, '0')
}
