/** Cards and the attempts made with them. */
import type { Plan } from './plan.ts'
import type { Authorisation } from './planned.ts'

export type Card = Readonly<{
  token: string
  last4: string
  cardType: string
  issuerId: string
  scheme: string
}>

/** The same number is the same card of the same merchant, always. */
export function cardOf(plan: Plan, number: number): Card {
  const hash = mixed(plan.index, number)
  return {
    // Letters in front and few digits: never to be taken for a card number.
    token: `h1:${(hash >>> 0).toString(36)}x${number.toString(36)}`,
    last4: String(1_000 + ((hash >>> 3) % 9_000)),
    cardType: hash % 20 === 0 ? 'prepaid' : hash % 2 === 0 ? 'debit' : 'credit',
    issuerId: `I${1 + ((hash >>> 7) % 9)}`,
    scheme: schemeOf(plan.country.country, hash),
  }
}

function schemeOf(country: string, hash: number): string {
  if (country === 'CN') return 'unionpay'
  if (country === 'JP' && hash % 3 === 0) return 'jcb'
  return (hash >>> 5) % 2 === 0 ? 'visa' : 'mastercard'
}

/** How many of a merchant's cards come again and again. */
export function regularsOf({ mean }: Plan): number {
  return Math.round(mean * 8)
}

export type Attempt = Readonly<{
  transactionId: string
  terminalId: string
  amount: number
  card: Card
  /** `00` is an approval. */
  code: string
  stan: string
  rrn: string
  isQr: boolean
  forwardedAt?: string
}>

/** A purchase by card, or by a code on a telephone: those come without a card. */
export function authorisation(plan: Plan, attempt: Attempt): Authorisation {
  const { transactionId, terminalId, amount, card, code, stan, rrn, isQr, forwardedAt } = attempt
  const head = {
    transactionId,
    terminalId,
    mti: '0200',
    processingCode: '000000',
    amount,
    currency: plan.country.currency,
    responseCode: code,
    approved: code === '00',
    stan,
    rrn,
  }
  const channel = Number(rrn) % 3 === 0 ? 'alipay' : 'wechat'
  const data = isQr
    ? { ...head, entryMode: 'qr', channel }
    : {
        ...head,
        entryMode: amount < plan.median ? 'contactless' : 'chip',
        cvm: amount < plan.median ? 'none' : 'pin',
        cardToken: card.token,
        last4: card.last4,
        cardType: card.cardType,
        scheme: card.scheme,
        issuerId: card.issuerId,
        channel: card.scheme,
      }
  return forwardedAt === undefined ? data : { ...data, offline: true, forwardedAt }
}

function mixed(one: number, other: number): number {
  let hash = Math.imul(one + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(other + 0x165667b1, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return (hash ^ (hash >>> 15)) >>> 0
}
