import { expect, test } from 'vitest'
import { heard, POLICY } from '../support/heard.ts'
import type { Row, Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const DETECTOR = 'document-expiry'
type Tell = (shop: Shop) => void

const LICENCE = { documentId: 'doc-1', docType: 'business-licence' }
const kyc =
  (word: 'updated' | 'expiring' | 'rejected') =>
  (local: string, more: object = {}, arrives = local): Tell =>
  (shop) =>
    shop.tell(local, `kyc.document.${word}`, { ...LICENCE, ...more }, { arrives })
const [updates, expires, rejects] = [kyc('updated'), kyc('expiring'), kyc('rejected')]
const uploads = (local: string, arrives = local, validTo = '2031-06-30') =>
  updates(local, { status: 'pending', validTo }, arrives)
const all =
  (...tellings: Tell[]): Tell =>
  (shop) => {
    for (const tell of tellings) tell(shop)
  }

/** To 30 June; 90 days after it is 28 September. */
const known = updates('2026-01-10T10:00', { validTo: '2026-06-30' })
const CLIMB = [
  '2026-04-01 document:doc-1 opened notice',
  '2026-05-31 document:doc-1 raised warning',
  '2026-06-23 document:doc-1 raised final-warning',
  '2026-09-28 document:doc-1 raised consequence-due',
]
const cleared = (at: string, id = 'doc-1') => `${at} document:${id} resolved cleared`

test.each<Row>([
  { tell: known, until: '2026-03-31T23:58', heard: [], shows: '91 days before is too early' },
  { tell: known, until: '2027-12-31', heard: CLIMB, shows: '90, 30, 7 days before, and 90 after' },
  {
    tell: updates('2026-01-10T10:00', { validTo: '2026-06-30', status: 'valid' }),
    until: '2026-04-01',
    heard: CLIMB.slice(0, 1),
    shows: 'valid is what is meant where nothing is said',
  },
  {
    tell: updates('2026-06-01T10:00', { validTo: '2026-06-30' }),
    until: '2026-06-23',
    heard: ['2026-06-01 10:00 document:doc-1 opened warning', CLIMB[2]!],
    shows: 'told late, it opens at the stage reached',
  },
  {
    tell: updates('2026-12-01T10:00', { validTo: '2026-06-30' }),
    until: '2026-12-31',
    heard: ['2026-12-01 10:00 document:doc-1 opened consequence-due'],
    shows: 'long expired',
  },
  {
    tell: updates('2026-01-10T10:00', { longTerm: true, validTo: '2026-06-30' }),
    until: '2026-12-31',
    heard: [],
    shows: 'long-term it never expires',
  },
  { tell: updates('2026-01-10T10:00'), until: '2026-12-31', heard: [], shows: 'no date, no clock' },
  {
    tell: uploads('2026-01-10T10:00', undefined, '2026-06-30'),
    until: '2026-12-31',
    heard: [],
    shows: 'an upload that nobody found valid has no clock',
  },
  {
    tell: expires('2026-01-10T10:00', { validTo: '2026-06-30' }),
    until: '2026-04-01',
    heard: CLIMB.slice(0, 1),
    shows: 'its date may be told as expiring',
  },
  {
    tell: all(known, expires('2026-05-20T10:00')),
    until: '2026-05-31',
    heard: CLIMB.slice(0, 2),
    shows: 'expiring without a date says nothing',
  },
  {
    tell: all(known, expires('2026-05-20T10:00', { validTo: '2026-06-10' })),
    until: '2026-06-03',
    heard: [
      CLIMB[0]!,
      cleared('2026-05-20 10:00'),
      '2026-05-20 10:00 document:doc-1 opened warning',
      '2026-06-03 document:doc-1 raised final-warning',
    ],
    shows: 'expiring on another date is another episode',
  },
  {
    tell: all(known, expires('2026-05-20T10:00', { validTo: '2026-06-30' })),
    until: '2026-05-31',
    heard: CLIMB.slice(0, 2),
    shows: 'on the same date it changes nothing',
  },
  {
    tell: all(known, rejects('2026-05-20T10:00')),
    until: '2026-05-31',
    heard: CLIMB.slice(0, 2),
    shows: 'rejected without an upload, it goes on',
  },
])('$shows', hears)

test.each<Row>([
  {
    tell: all(known, updates('2026-07-01T10:00', { validTo: '2031-06-30' })),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 3), cleared('2026-07-01 10:00')],
    shows: 'renewed',
  },
  {
    tell: all(known, updates('2026-07-01T10:00', { longTerm: true })),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 3), cleared('2026-07-01 10:00')],
    shows: 'found to be long-term',
  },
  {
    tell: all(known, updates('2026-07-01T10:00', { validTo: '2026-08-31' })),
    until: '2026-07-02',
    heard: [
      ...CLIMB.slice(0, 3),
      cleared('2026-07-01 10:00'),
      '2026-07-01 10:00 document:doc-1 opened notice',
    ],
    shows: 'renewed for some weeks, it is another episode',
  },
  {
    tell: all(known, updates('2026-05-30T10:00', { validTo: '2031-06-30' }, '2026-06-02T10:00')),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 2), '2026-06-02 10:00 document:doc-1 retracted'],
    shows: 'renewed before it was warned of, heard of later: never true',
  },
  {
    tell: all(known, updates('2026-05-31T00:00', { validTo: '2031-06-30' }, '2026-06-02T10:00')),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 2), cleared('2026-06-02 10:00')],
    shows: 'renewed at the instant of the warning: true until then',
  },
  {
    tell: all(
      updates('2026-03-01T10:00', { validTo: '2031-06-30' }),
      updates('2026-01-10T10:00', { validTo: '2026-06-30' }, '2026-03-02T10:00'),
    ),
    until: '2027-12-31',
    heard: [],
    shows: 'the latest by its own time holds, whatever arrives last',
  },
  {
    tell: all(known, updates('2026-07-01T10:00', { documentId: 'doc-2', validTo: '2031-06-30' })),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 3), cleared('2026-07-01 10:00')],
    shows: 'by another of its type that expires later',
  },
  {
    tell: all(known, updates('2026-07-01T10:00', { documentId: 'doc-2', longTerm: true })),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 3), cleared('2026-07-01 10:00')],
    shows: 'by another of its type that is long-term',
  },
  {
    tell: all(known, updates('2026-05-20T10:00', { documentId: 'doc-2' })),
    until: '2026-05-31',
    heard: CLIMB.slice(0, 2),
    shows: 'not by one of which no date is known',
  },
  {
    tell: all(known, updates('2026-01-20T10:00', { documentId: 'doc-2', validTo: '2026-06-30' })),
    until: '2026-04-01',
    heard: [CLIMB[0]!, '2026-04-01 document:doc-2 opened notice'],
    shows: 'not by one that expires on the same date',
  },
  {
    tell: all(known, updates('2026-01-09T10:00', { documentId: 'doc-2', validTo: '2031-06-30' })),
    until: '2026-04-01',
    heard: CLIMB.slice(0, 1),
    shows: 'not by one that was known before it',
  },
  {
    tell: all(
      known,
      updates('2026-05-20T10:00', {
        ...{ documentId: 'doc-2', docType: 'legal-rep-id' },
        validTo: '2031-06-30',
      }),
    ),
    until: '2026-05-31',
    heard: CLIMB.slice(0, 2),
    shows: 'not by one of another type',
  },
  {
    tell: all(
      known,
      updates('2026-05-20T10:00', {
        documentId: 'doc-2',
        validTo: '2031-06-30',
        status: 'pending',
      }),
    ),
    until: '2026-05-31',
    heard: CLIMB.slice(0, 2),
    shows: 'not by one that is under review',
  },
])('over: $shows', hears)

test.each<Row>([
  {
    tell: all(
      known,
      uploads('2026-06-20T10:00'),
      updates('2026-06-25T10:00', { validTo: '2031-06-30' }),
    ),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 2), cleared('2026-06-25 10:00')],
    shows: 'found valid, it is over',
  },
  {
    tell: all(known, uploads('2026-03-20T10:00')),
    until: '2026-09-27',
    heard: [],
    shows: 'nothing is opened',
  },
  {
    tell: all(known, uploads('2026-06-20T10:00'), rejects('2026-06-25T10:00')),
    until: '2026-09-28',
    heard: [
      ...CLIMB.slice(0, 2),
      '2026-06-25 10:00 document:doc-1 raised final-warning',
      CLIMB[3]!,
    ],
    shows: 'rejected, it is judged once, at the present',
  },
  {
    tell: all(known, uploads('2026-05-20T10:00'), rejects('2026-06-25T10:00')),
    until: '2026-06-26',
    heard: [CLIMB[0]!, '2026-06-25 10:00 document:doc-1 raised final-warning'],
    shows: 'a stage in between is not written',
  },
  {
    tell: all(
      known,
      uploads('2026-06-20T10:00'),
      updates('2026-06-25T10:00', { validTo: '2026-06-30' }),
    ),
    until: '2026-06-26',
    heard: [...CLIMB.slice(0, 2), '2026-06-25 10:00 document:doc-1 raised final-warning'],
    shows: 'found valid with the same date, it goes on',
  },
  {
    tell: all(
      known,
      uploads('2026-06-20T10:00'),
      expires('2026-06-21T10:00', { validTo: '2026-06-30' }),
    ),
    until: '2026-06-24',
    heard: CLIMB.slice(0, 2),
    shows: 'expiring ends no review',
  },
  {
    tell: all(
      known,
      uploads('2026-06-20T10:00', '2026-06-22T10:00'),
      rejects('2026-06-21T10:00', {}, '2026-06-24T10:00'),
    ),
    until: '2026-06-24T12:00',
    heard: [...CLIMB.slice(0, 2), '2026-06-24 10:00 document:doc-1 raised final-warning'],
    shows: 'it begins when the upload arrives',
  },
  {
    tell: all(known, rejects('2026-06-21T10:00'), uploads('2026-06-20T10:00', '2026-06-22T10:00')),
    until: '2026-06-23',
    heard: CLIMB.slice(0, 3),
    shows: 'an answer later than the upload has come already: nothing is under review',
  },
  {
    tell: all(
      known,
      uploads('2026-06-20T10:00'),
      rejects('2026-06-19T10:00', {}, '2026-06-21T10:00'),
    ),
    until: '2026-06-24',
    heard: CLIMB.slice(0, 2),
    shows: 'an answer from before it is none',
  },
  {
    tell: all(known, uploads('2026-06-20T10:00'), rejects('2026-06-20T10:00')),
    until: '2026-06-24',
    heard: CLIMB.slice(0, 3),
    shows: 'one of the same instant is, if it comes after the upload',
  },
  {
    tell: all(known, rejects('2026-06-20T10:00'), uploads('2026-06-20T10:00')),
    until: '2026-06-24',
    heard: CLIMB.slice(0, 2),
    shows: 'not if it comes before',
  },
  {
    tell: all(
      known,
      uploads('2026-06-18T10:00'),
      rejects('2026-06-19T10:00'),
      uploads('2026-06-20T10:00'),
    ),
    until: '2026-06-24',
    heard: CLIMB.slice(0, 2),
    shows: 'uploaded again after it was rejected',
  },
  {
    tell: all(known, uploads('2026-09-10T10:00')),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 3), '2026-10-10 document:doc-1 raised consequence-due'],
    shows: 'the consequence is told 30 days after the upload arrived at the latest',
  },
  {
    tell: all(known, uploads('2026-09-10T10:00', '2026-09-11T23:59:59')),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 3), '2026-10-11 document:doc-1 raised consequence-due'],
    shows: 'counted from the date of its arrival',
  },
  {
    tell: all(known, uploads('2026-06-20T10:00')),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 2), CLIMB[3]!],
    shows: 'the consequence keeps its own date where the review has lasted longer',
  },
  {
    tell: all(known, uploads('2026-09-10T10:00'), rejects('2026-10-01T10:00')),
    until: '2027-12-31',
    heard: [...CLIMB.slice(0, 3), '2026-10-01 10:00 document:doc-1 raised consequence-due'],
    shows: 'rejected before that, the consequence is told at once',
  },
  {
    tell: all(
      known,
      uploads('2026-09-10T10:00'),
      updates('2026-11-01T10:00', { validTo: '2031-06-30' }),
    ),
    until: '2027-12-31',
    heard: [
      ...CLIMB.slice(0, 3),
      '2026-10-10 document:doc-1 raised consequence-due',
      cleared('2026-11-01 10:00'),
    ],
    shows: 'found valid after it was told, it is over, and was true',
  },
])('under review: $shows', hears)

function hears({ tell, until, heard: expected }: Row): void {
  const shop = history()
  shop.registers('2026-01-01T08:00')
  tell?.(shop)
  expect(heard(shop, DETECTOR, until)).toEqual(expected)
}

test('a document keeps its clock when others of its account are told of', () => {
  const shop = history()
  known(shop)
  const other = { documentId: 'doc:2', docType: 'legal-rep-id' }
  updates('2026-01-11T10:00', { ...other, validTo: '2026-07-01' })(shop)
  expect(heard(shop, DETECTOR, '2026-04-02')).toEqual([
    CLIMB[0],
    '2026-04-02 document:doc%3A2 opened notice',
  ])
})

test('what was held back is counted, with its cause', () => {
  const shop = history()
  all(known, uploads('2026-03-20T10:00'), uploads('2026-06-01T10:00'))(shop)
  const { notes } = play(shop.lines(), { policy: POLICY })
  expect(notes).toContainEqual({ kind: 'suppressed', detector: DETECTOR, cause: 'under-review' })
})

test('a record names the document, its date, and that of the consequence', () => {
  const shop = history()
  known(shop)
  const { records } = play(shop.lines(), { policy: POLICY, untilMs: shop.at('2026-06-01') })
  expect(records.at(-1)).toMatchObject({
    ...{ stage: 'warning', value: -30, threshold: -30, limit: 90, unit: 'days' },
    consequence: 'suspension',
    consequenceOn: Temporal.PlainDate.from('2026-09-28').since('1970-01-01').days,
    seen: { docType: 'business-licence', validTo: '2026-06-30' },
    documents: ['business-licence'],
    source: 'CN6',
  })
})
