import { describe, expect, test } from 'vitest'
import {
  addRows,
  dropRows,
  emptyRows,
  get16,
  get32,
  get48,
  openRow,
  put16,
  put32,
  put48,
} from '../../src/core/rows.ts'
import type { Rows } from '../../src/core/rows.ts'

/** Rows of two bytes. */
function rowsWith(...values: readonly number[]): Rows {
  const rows = emptyRows()
  for (const value of values) put(rows, rows.count, value)
  return rows
}
function put(rows: Rows, place: number, value: number): void {
  openRow(rows, 2, place)
  put16(rows.bytes, place * 2, value)
}
const valuesOf = ({ bytes, count }: Rows) =>
  Array.from({ length: count }, (_, row) => get16(bytes, row * 2))

test.each([
  [0, [9, 1, 2, 3]],
  [1, [1, 9, 2, 3]],
  [3, [1, 2, 3, 9]],
])('a row opened at %i', (place, expected) => {
  const rows = rowsWith(1, 2, 3)
  put(rows, place, 9)
  expect(valuesOf(rows)).toEqual(expected)
})

test.each([
  [0, 0, [1, 2, 3, 4]],
  [0, 2, [3, 4]],
  [1, 2, [1, 4]],
  [3, 1, [1, 2, 3]],
  [0, 4, []],
])('from row %i on %i rows are dropped', (place, dropped, expected) => {
  const rows = rowsWith(1, 2, 3, 4)
  dropRows(rows, 2, place, dropped)
  expect(valuesOf(rows)).toEqual(expected)
})

test('a thousand rows keep their order, and room grows less often than they do', () => {
  const rows = emptyRows()
  const buffers = new Set<Uint8Array>()
  for (let at = 0; at < 1_000; at++) {
    put(rows, rows.count, at)
    buffers.add(rows.bytes)
  }
  expect(valuesOf(rows)).toEqual(Array.from({ length: 1_000 }, (_, at) => at))
  expect(buffers.size).toBeLessThan(20)
})

test('empty rows share nothing that is written to', () => {
  rowsWith(7)
  expect(emptyRows()).toMatchObject({ bytes: new Uint8Array(0), count: 0 })
})

test.each([0, 1, 3])('%i rows added are zero, and behind the others', (added) => {
  const rows = rowsWith(7, 8, 9)
  dropRows(rows, 2, 2, 1)
  expect(addRows(rows, 2, added)).toBe(4)
  expect(valuesOf(rows)).toEqual([7, 8, ...Array.from({ length: added }, () => 0)])
})

describe('numbers', () => {
  const bytes = new Uint8Array(8)
  test.each([
    [put16, get16, [0, 1, 255, 256, 0xffff]],
    [put32, get32, [0, 1, 0x8000_0000, 0xffff_ffff]],
    [put48, get48, [0, 1, 0xffff_ffff, 0x1_0000_0000, 1_781_000_000_000, 0xffff_ffff_ffff]],
  ] as const)('are read as written: %o', (put, get, values) => {
    for (const value of values) {
      bytes.fill(0xee)
      put(bytes, 1, value)
      expect(get(bytes, 1)).toBe(value)
      expect(bytes[0]).toBe(0xee)
      expect(bytes[7]).toBe(0xee)
    }
  })
})
