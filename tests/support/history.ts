/** Builds histories: events as plain JSON lines, local times in the merchant's zone. */

export type Data = Readonly<Record<string, unknown>>

type Line = { atMs: number; order: number; text: string }

export type HistoryOptions = Readonly<{
  merchantId?: string
  zone?: string
  tenant?: string
  source?: string
}>

/** One merchant's events; `lines()` gives them in order of arrival. */
export function history(options: HistoryOptions = {}) {
  const {
    merchantId = 'M1',
    zone = 'Asia/Shanghai',
    tenant = 'acq-a',
    source = 'urn:t:1',
  } = options
  const lines: Line[] = []
  let count = 0

  /** Epoch milliseconds of a local time such as `2026-06-10T10:04`, or of a local date's start. */
  function at(local: string): number {
    if (!local.includes('T')) {
      return Temporal.PlainDate.from(local).toZonedDateTime(zone).epochMilliseconds
    }
    return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds
  }
  const rfc = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms)
      .toZonedDateTimeISO(zone)
      .toString({ timeZoneName: 'never' })

  function tell(
    local: string,
    type: string,
    data: Data,
    more: Readonly<{ arrives?: string; id?: string }> = {},
  ): void {
    const arrives = at(more.arrives ?? local)
    const order = count++
    const text = JSON.stringify({
      id: more.id ?? `${merchantId}-${order}`,
      source,
      type,
      subject: merchantId,
      time: rfc(at(local)),
      tenantid: tenant,
      receivedat: rfc(arrives),
      data,
    })
    lines.push({ atMs: arrives, order, text })
  }

  return {
    at,
    tell,
    registers(local: string, more: Data = {}): void {
      const data = { merchantType: 'enterprise', mcc: '5411', timezone: zone, country: 'CN' }
      tell(local, 'merchant.registered', { ...data, ...more })
    },
    activates(local: string, terminalId = 'T1', more: Data = {}): void {
      tell(local, 'terminal.activated', { terminalId, serialNo: `SN-${terminalId}`, ...more })
    },
    /** A sale, or a decline with a code; its own card unless one is given. */
    sells(local: string, more: Data & Readonly<{ arrives?: string; id?: string }> = {}): void {
      const { arrives, id, ...data } = more
      const code = data['responseCode'] ?? '00'
      tell(
        local,
        'card.authorisation',
        {
          transactionId: `tx-${count}`,
          terminalId: 'T1',
          mti: '0200',
          amount: 12_850,
          currency: 'CNY',
          responseCode: code,
          approved: code === '00',
          cardToken: `h1:${count}`,
          ...data,
        },
        { ...(arrives === undefined ? {} : { arrives }), ...(id === undefined ? {} : { id }) },
      )
    },
    lines: (): string[] =>
      lines.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order).map(({ text }) => text),
  }
}

/** Lines of several merchants in order of arrival. */
export function merged(...all: readonly (readonly string[])[]): string[] {
  const arrival = (line: string) => Date.parse(JSON.parse(line).receivedat)
  return all
    .flat()
    .map((line) => ({ line, atMs: arrival(line) }))
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ line }) => line)
}

const AMOUNTS = [1_200, 1_850, 2_390, 3_600, 4_500, 6_780, 8_800, 12_800]

/** Forty sales every 18 minutes from nine, two declines, and the day's close. */
export function shopDay(
  shop: ReturnType<typeof history>,
  date: string,
  more: Readonly<{ sales?: number; everyS?: number; terminalId?: string; from?: string }> = {},
): void {
  const { sales = 40, everyS = 1_080, terminalId = 'T1', from = '09:00' } = more
  const start = Temporal.PlainDateTime.from(`${date}T${from}`)
  for (let at = 0; at < sales; at++) {
    const local = start.add({ seconds: at * everyS }).toString()
    const cardType = at % 2 === 0 ? 'credit' : 'debit'
    shop.sells(local, { amount: AMOUNTS[at % AMOUNTS.length], terminalId, cardType })
  }
  for (const time of ['11:07', '16:07']) {
    shop.sells(`${date}T${time}`, { responseCode: '51', terminalId })
  }
}

/** Dates `[from, to]`, as text. */
export function dates(from: string, to: string): string[] {
  const all: string[] = []
  const last = Temporal.PlainDate.from(to)
  let date = Temporal.PlainDate.from(from)
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    all.push(date.toString())
    date = date.add({ days: 1 })
  }
  return all
}
