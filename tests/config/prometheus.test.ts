import { spawnSync } from 'node:child_process'
import { test, expect } from 'vitest'

const promtool = (...args: readonly string[]) => spawnSync('promtool', args, { encoding: 'utf8' })

test('what operators are called for is rules that Prometheus takes, and fires when it should', ({
  skip,
}) => {
  if (promtool('--version').status !== 0) skip('promtool is not installed')
  const checked = promtool('check', 'rules', 'config/prometheus/absence.yaml')
  expect([checked.status, checked.stderr]).toEqual([0, ''])
  const tested = promtool('test', 'rules', 'tests/config/prometheus-absence.yaml')
  expect([tested.status, tested.stderr]).toEqual([0, ''])
})
