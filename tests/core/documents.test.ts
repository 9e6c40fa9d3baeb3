import { expect, test } from 'vitest'
import {
  documentOf,
  expiryOf,
  noteAnswer,
  notePending,
  noteVersion,
  pendingSince,
} from '../../src/core/documents.ts'
import type { Document } from '../../src/core/documents.ts'

const version = (atMs: number, validTo: number | undefined) => {
  return { atMs, docType: 'business-licence', validTo, isLongTerm: false }
}

test('the newest eight versions are kept, by time', () => {
  const document = documentOf(new Map(), 'd')
  for (const atMs of [9, 1, 8, 2, 7, 3, 6, 4, 5]) noteVersion(document, version(atMs, atMs))
  expect(document.versions.map(({ atMs }) => atMs)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
})

test('expires as it was known just before an instant', () => {
  const documents = new Map<string, Document>()
  const document = documentOf(documents, 'd')
  noteVersion(document, version(10, 100))
  noteVersion(document, version(20, undefined))
  const validTo = (beforeMs: number) => expiryOf(documents, document, beforeMs)?.validTo
  expect([10, 11, 20, 21].map(validTo)).toEqual([undefined, 100, 100, undefined])
})

test('is replaced only from when the other one was known', () => {
  const documents = new Map<string, Document>()
  noteVersion(documentOf(documents, 'a'), version(10, 100))
  noteVersion(documentOf(documents, 'b'), version(20, 200))
  const validTo = (id: string, beforeMs: number) =>
    expiryOf(documents, documentOf(documents, id), beforeMs)?.validTo
  expect([validTo('a', 20), validTo('a', 21), validTo('b', 21)]).toEqual([100, undefined, 200])
})

test.each<[pending: number[], answers: number[], since: number | undefined, string]>([
  [[], [], undefined, 'nothing was uploaded'],
  [[10], [], 1_010, 'uploaded'],
  [[10], [10], 1_010, 'an answer of the same instant that came before is none'],
  [[10], [11], undefined, 'answered later'],
  [[10, 20], [15], 1_020, 'uploaded again'],
  [[10, 20], [], 1_020, 'uploaded twice'],
  [[20, 10], [15], 1_020, 'in whatever order'],
  [[10], [11, 5], undefined, 'an older answer undoes nothing'],
])('uploads %j, answers %j: under review since %j (%s)', (pending, answers, since) => {
  const document = documentOf(new Map(), 'd')
  for (const atMs of answers) noteAnswer(document, atMs)
  for (const atMs of pending) notePending(document, atMs, atMs + 1_000)
  expect(pendingSince(document)).toBe(since)
})

test('of more than 32 the one heard of longest ago makes room', () => {
  const documents = new Map<string, Document>()
  for (let at = 0; at < 32; at++) noteVersion(documentOf(documents, `d${at}`), version(100 + at, 1))
  noteVersion(documentOf(documents, 'd0'), version(500, 1))
  noteAnswer(documentOf(documents, 'd1'), 501)
  notePending(documentOf(documents, 'd2'), 502, 502)
  // Older than all of them, yet it is the news.
  noteVersion(documentOf(documents, 'new'), version(1, 1))
  const ids = [...documents.keys()]
  expect(ids).toHaveLength(32)
  expect(ids).not.toContain('d3')
  expect(ids).toEqual(expect.arrayContaining(['d0', 'd1', 'd2', 'd4', 'new']))
})

test('each upload holds for itself: one that comes late may hold longer than a later one', () => {
  const document = documentOf(new Map(), 'd')
  notePending(document, 20, 30)
  notePending(document, 10, 40)
  expect(pendingSince(document)).toBe(40)
  noteAnswer(document, 15)
  expect(pendingSince(document)).toBe(30)
  // Later, and there for longer, than both.
  notePending(document, 50, 60)
  expect(document.pending).toEqual([{ atMs: 50, arrivedMs: 60 }])
})
