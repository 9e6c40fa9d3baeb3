import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'

const Manifest = z.object({
  bin: z.record(z.string(), z.string()),
  scripts: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
})
const manifest = Manifest.parse(JSON.parse(readFileSync('package.json', 'utf8')))

describe('the pinned Node', () => {
  test('is the one that runs', () => {
    expect(process.version).toBe(`v${manifest.devDependencies['node']}`)
  })

  test('is the one of the image', () => {
    const images = readFileSync('Dockerfile', 'utf8').matchAll(/^FROM node:([\d.]+)/gm)
    const versions = new Set([...images].map(([, version]) => version))
    expect([...versions]).toEqual([manifest.devDependencies['node']])
  })
})

describe('package.json', () => {
  test('pins every dependency exactly', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  test('sets up a fresh clone before every script', () => {
    const names = Object.keys(manifest.scripts).filter((it) => !/^(pre|post)/.test(it))
    const unprepared = names.filter(
      (it) => manifest.scripts[`pre${it}`] !== 'node scripts/setup.mjs',
    )
    expect(unprepared).toEqual([])
  })
})

describe('scripts/setup.mjs', () => {
  test('says and does nothing when all is there', () => {
    const setup = spawnSync(process.execPath, ['scripts/setup.mjs'], { encoding: 'utf8' })
    expect([setup.stdout, setup.stderr, setup.status]).toEqual(['', '', 0])
  })

  test.each([
    ['2.0.0', 'ci --include=dev', 'another version is locked'],
    ['1.0.0', '', '`npm ci` was run by hand'],
  ])('locked %s, installed 1.0.0: npm is asked for "%s" (%s)', (locked, asked, _shows) => {
    const clone = cloneWith({ locked, installed: '1.0.0' })
    runSetup(clone)
    expect(askedOf(clone)).toContain(asked)
    expect(askedOf(clone) === '').toBe(asked === '')
  })

  test('notes what it did, and does it once', () => {
    const clone = cloneWith({ locked: '2.0.0', installed: '1.0.0' })
    runSetup(clone)
    writeFileSync(join(clone, 'asked'), '')
    runSetup(clone)
    expect(askedOf(clone)).toBe('')
  })
})

describe('bin/forewarn.js', () => {
  test('keeps streams, arguments and the exit code', () => {
    const clone = cloneWithMain('process.stdin.pipe(process.stdout); process.exitCode = 3')
    const ran = spawnSync(process.execPath, [join(clone, 'bin/forewarn.js')], { input: 'a\nb\n' })
    expect([String(ran.stdout), ran.status]).toEqual(['a\nb\n', 3])
  })

  test('passes SIGTERM on and ends as its child ends', async () => {
    const clone = cloneWithMain(
      "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1e3); console.log('up')",
    )
    const child = spawn(process.execPath, [join(clone, 'bin/forewarn.js')])
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([7, null])
  })

  /** A launcher that takes its own Node for too old. */
  function cloneWithMain(main: string): string {
    const clone = cloneWith({ locked: '1.0.0', installed: '1.0.0' })
    mkdirSync(join(clone, 'src'))
    writeFileSync(join(clone, 'src/main.ts'), main)
    const launcher = readFileSync('bin/forewarn.js', 'utf8')
    mkdirSync(join(clone, 'bin'))
    const strict = launcher.replace('MINIMUM = 26', 'MINIMUM = 999')
    expect(strict).not.toBe(launcher)
    writeFileSync(join(clone, 'bin/forewarn.js'), strict)
    return clone
  }
})

/** A clone with one dependency, and an npm that only notes what it is asked for. */
function cloneWith(versions: { locked: string; installed: string }): string {
  const clone = mkdtempSync(join(tmpdir(), 'forewarn-clone-'))
  onTestFinished(() => rmSync(clone, { recursive: true }))
  cpSync('scripts', join(clone, 'scripts'), { recursive: true })
  mkdirSync(join(clone, 'node_modules/.bin'), { recursive: true })
  symlinkSync(process.execPath, join(clone, 'node_modules/.bin/node'))
  const lockOf = (version: string) =>
    JSON.stringify({ packages: { '': {}, 'node_modules/zod': { version } } })
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}')
  writeFileSync(join(clone, 'package-lock.json'), lockOf(versions.locked))
  writeFileSync(join(clone, 'node_modules/.package-lock.json'), lockOf(versions.installed))
  const npm = `require('fs').appendFileSync('${clone}/asked', process.argv.slice(2).join(' '))`
  writeFileSync(join(clone, 'npm.cjs'), npm)
  writeFileSync(join(clone, 'asked'), '')
  return clone
}

function runSetup(clone: string): void {
  const env = { ...process.env, npm_execpath: join(clone, 'npm.cjs') }
  const { status } = spawnSync(process.execPath, [join(clone, 'scripts/setup.mjs')], { env })
  expect(status).toBe(0)
}

function askedOf(clone: string): string {
  return readFileSync(join(clone, 'asked'), 'utf8')
}
