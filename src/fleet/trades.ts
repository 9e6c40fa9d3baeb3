/** Kinds of shops: when they open, what they charge, how many customers come. */

/** Hours are minutes of the local day; past 1,440 is after midnight. */
export type Trade = Readonly<{
  name: string
  mcc: string
  opens: number
  closes: number
  /** When most customers come, minutes of the day. */
  peaks: readonly number[]
  /** Monday to Sunday, 0 is closed. */
  week: readonly number[]
  /** Sales on an average day, from the smallest to the largest shop. */
  mean: readonly [min: number, max: number]
  /** Of an amount, in yuan; other countries have other prices. */
  median: number
  /** Spread of the logarithm of an amount. */
  spread: number
  /** Share of sales by QR code, in China. */
  qr: number
  /** Shops of this kind among a hundred. */
  share: number
}>

const ALL_WEEK = [1, 0.95, 1, 1, 1.2, 1.35, 1.25]
const WORKING_WEEK = [1, 1, 1, 1, 1.1, 0.6, 0]
const EVENINGS = [0, 0.7, 0.8, 0.9, 1.3, 1.6, 1.1]

export const TRADES: readonly Trade[] = [
  {
    name: 'grocer',
    mcc: '5411',
    opens: 450,
    closes: 1_320,
    peaks: [510, 720, 1_080],
    week: ALL_WEEK,
    mean: [9, 26],
    median: 34,
    spread: 0.75,
    qr: 0.35,
    share: 20,
  },
  {
    name: 'restaurant',
    mcc: '5812',
    opens: 1_020,
    closes: 1_560,
    peaks: [1_140, 1_230, 1_380],
    week: EVENINGS,
    mean: [5, 16],
    median: 145,
    spread: 0.5,
    qr: 0.25,
    share: 17,
  },
  {
    name: 'café',
    mcc: '5814',
    opens: 420,
    closes: 1_140,
    peaks: [510, 780],
    week: [1, 1, 1, 1, 1.1, 1.3, 1.1],
    mean: [8, 22],
    median: 26,
    spread: 0.45,
    qr: 0.4,
    share: 12,
  },
  {
    name: 'fashion',
    mcc: '5651',
    opens: 600,
    closes: 1_290,
    peaks: [840, 1_080],
    week: [0.7, 0.7, 0.8, 0.9, 1.2, 1.8, 1.6],
    mean: [3, 10],
    median: 210,
    spread: 0.6,
    qr: 0.2,
    share: 12,
  },
  {
    name: 'chemist',
    mcc: '5912',
    opens: 510,
    closes: 1_260,
    peaks: [600, 1_050],
    week: [1.2, 1, 1, 1, 1.1, 0.9, 0.6],
    mean: [5, 13],
    median: 58,
    spread: 0.7,
    qr: 0.3,
    share: 10,
  },
  {
    name: 'car-wash kiosk',
    mcc: '7542',
    opens: 0,
    closes: 1_439,
    peaks: [540, 1_020],
    week: [0.9, 0.9, 0.9, 1, 1.1, 1.4, 1.3],
    mean: [8, 18],
    median: 20,
    spread: 0.3,
    qr: 0.5,
    share: 7,
  },
  {
    name: 'dentist',
    mcc: '8021',
    opens: 540,
    closes: 1_080,
    peaks: [630, 960],
    week: WORKING_WEEK,
    mean: [2, 6],
    median: 320,
    spread: 0.7,
    qr: 0.1,
    share: 8,
  },
  {
    name: 'hairdresser',
    mcc: '7230',
    opens: 570,
    closes: 1_170,
    peaks: [690, 990],
    week: [0, 0.9, 0.9, 1, 1.3, 1.5, 0.8],
    mean: [4, 10],
    median: 98,
    spread: 0.45,
    qr: 0.3,
    share: 9,
  },
  {
    // Only for the stories that ask for it.
    name: 'driving school',
    mcc: '8299',
    opens: 540,
    closes: 1_200,
    peaks: [660, 1_080],
    week: WORKING_WEEK,
    mean: [2, 5],
    median: 260,
    spread: 0.4,
    qr: 0.2,
    share: 0,
  },
  {
    name: 'market stall',
    mcc: '5499',
    opens: 390,
    closes: 840,
    peaks: [540],
    week: [0, 0, 0.8, 0, 0, 1.5, 1.4],
    mean: [9, 20],
    median: 18,
    spread: 0.6,
    qr: 0.5,
    share: 5,
  },
]

export type Country = Readonly<{
  country: string
  zone: string
  currency: string
  /** Digits of the minor unit. */
  exponent: number
  /** Minor units for one yuan of a Chinese price. */
  price: number
  /** Amounts are whole steps of this many minor units. */
  step: number
  locale: string
  share: number
}>

export const COUNTRIES: readonly Country[] = [
  {
    country: 'CN',
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    exponent: 2,
    price: 100,
    step: 50,
    locale: 'zh-CN',
    share: 76,
  },
  {
    country: 'DE',
    zone: 'Europe/Berlin',
    currency: 'EUR',
    exponent: 2,
    price: 32,
    step: 10,
    locale: 'de-DE',
    share: 9,
  },
  {
    country: 'US',
    zone: 'America/New_York',
    currency: 'USD',
    exponent: 2,
    price: 36,
    step: 1,
    locale: 'en-US',
    share: 8,
  },
  {
    country: 'JP',
    zone: 'Asia/Tokyo',
    currency: 'JPY',
    exponent: 0,
    price: 24,
    step: 10,
    locale: 'ja-JP',
    share: 7,
  },
]

/** One of the list, each as often as its share says. `at` is in [0, 1). */
export function byShare<T extends Readonly<{ share: number }>>(list: readonly T[], at: number): T {
  let left = at * list.reduce((sum, { share }) => sum + share, 0)
  for (const one of list) {
    left -= one.share
    if (left < 0) return one
  }
  return list.at(-1)!
}
