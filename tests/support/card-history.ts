/** Histories of cards told by hand. */
import { plannedHistory, type When } from './planned-history.ts'

export type Try = Readonly<{
  amount?: number
  code?: string
  card?: string
  issuer?: string
  flag?: 'owner'
  told?: When
  id?: string
}>

/** A history of attempts, sales and what takes them back. Amounts are major units; active since day 0. */
export function cardHistory({ mcc = '5812', exponent = 2 } = {}) {
  const { say, told } = plannedHistory(exponent, mcc)
  let count = 0
  const major = 10 ** exponent
  const common = { terminalId: 'T1', currency: 'CNY' }
  say([0, 480], { type: 'terminal.activated', data: { terminalId: 'T1', serialNo: 'SN-A' } })
  const attempt = (when: When, { amount = 10, code = '00', ...more }: Try = {}) => {
    const id = more.id ?? `tx${count++}`
    const data = {
      ...common,
      ...{ transactionId: id, mti: '0200', responseCode: code, approved: code === '00' },
      amount: Math.round(amount * major),
      cardToken: more.card ?? `card${count}`,
      issuerId: more.issuer ?? `I${count % 5}`,
      ...(more.flag === undefined ? {} : { cardFlag: more.flag }),
    }
    say(when, { type: 'card.authorisation', data }, more.told)
    return { id, when, amount }
  }
  type Sale = ReturnType<typeof attempt>
  const undo = ({ id, amount }: Sale, when: When, part?: number) => {
    const data = { ...common, originalTransactionId: id, originalTime: 'unread' }
    const partial = { ...data, amount: (part ?? 0) * major, reversalType: 'partial' } as const
    if (part !== undefined) return say(when, { type: 'card.reversal', data: partial })
    say(when, { type: 'card.void', data: { ...data, amount: amount * major, sameDay: true } })
  }
  /** One attempt a minute; `d` is declined, `t` for a thief's reason, `a` approved. */
  const row = ([day, minute]: When, codes: string, more: Try = {}) => {
    for (const [at, letter] of [...codes].entries()) {
      const code = letter === 'a' ? '00' : letter === 't' ? '54' : '05'
      attempt([day, minute + at], { ...more, code })
    }
  }
  const trade = (from: number, to: number, perDay = 5, amount = 10) => {
    for (let day = from; day <= to; day++) {
      for (let at = 0; at < perDay; at++) attempt([day, 600 + at * 20], { amount })
    }
  }
  return { say, told, attempt, undo, row, trade }
}
