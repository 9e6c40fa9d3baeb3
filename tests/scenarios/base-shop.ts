/** The shop that every scenario starts from, and what was said of it from a date on. */
import { dates, history, shopDay } from '../support/history.ts'
import type { Data, HistoryOptions } from '../support/history.ts'
import { play, told } from '../support/watch.ts'

type Shop = ReturnType<typeof history>

/** Active since 2025-09-01 with one terminal; it trades on the dates given, and reports every six hours. */
export function baseShop(
  more: Readonly<{
    trades: (date: string) => boolean
    until: string
    from?: string
    profile?: Data
    options?: HistoryOptions
    day?: (shop: Shop, date: string) => void
    isOn?: (date: string) => boolean
  }>,
): Shop {
  const { trades, until, from = '2025-09-01', day = shopDay, isOn = () => true } = more
  const shop = history(more.options)
  shop.registers(`${from}T07:00`, more.profile)
  shop.activates(`${from}T07:10`)
  for (const date of dates(from, until)) {
    if (isOn(date)) {
      for (const time of ['00:30', '06:30', '12:30', '18:30']) {
        shop.tell(`${date}T${time}`, 'terminal.heartbeat', {
          terminalId: 'T1',
          storedOfflineCount: 0,
        })
      }
    }
    if (trades(date)) day(shop, date)
  }
  return shop
}

/** Everything said up to the end of a local date, in short: no seconds where there are none. */
export function said(shop: Shop, until: string): string[] {
  const untilMs = shop.at(Temporal.PlainDate.from(until).add({ days: 1 }).toString()) + 60_000 - 1
  const played = play(shop.lines(), { untilMs })
  if (played.dead.length > 0) throw new Error(`refused: ${played.dead[0]}`)
  return told(played.records).map((line) => line.replace(/ 00:00:00/, '').replace(/:00 /, ' '))
}
