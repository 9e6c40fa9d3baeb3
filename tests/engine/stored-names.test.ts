import { expect, test } from 'vitest'
import { accountKey } from '../../src/engine/arrival.ts'
import { fieldOf, keyOfField, keyOfStored, storedKey } from '../../src/engine/stored-names.ts'

const ACCOUNTS = [
  ['acq-a', 'M1'],
  ['default', 'M1'],
  ['default', 'default'],
  ['defaults', 'M1'],
  ['n', 'f'],
] as const

test.each(ACCOUNTS)('of %s %s the key is found again', (tenant, merchant) => {
  const key = accountKey(tenant, merchant)
  expect(keyOfStored(storedKey(key))).toBe(key)
  for (const section of ['n', 'p', 'f']) expect(keyOfField(fieldOf(key, section))).toBe(key)
})

test('no two accounts or sections share a name', () => {
  const keys = ACCOUNTS.map(([tenant, merchant]) => accountKey(tenant, merchant))
  const fields = keys.flatMap((key) => ['n', 'p', 'f'].map((section) => fieldOf(key, section)))
  expect(new Set(fields).size).toBe(fields.length)
})

test('who tells no tenant is named by the merchant alone', () => {
  expect(fieldOf(accountKey('default', 'M1'), 'f')).toBe('\nM1')
  expect(fieldOf(accountKey('acq-a', 'M1'), 'n')).toBe('acq-a\nM1\nn')
})
