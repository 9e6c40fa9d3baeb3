// Makes a fresh clone ready to run. Started by npm before every script of package.json, and by
// bin/forewarn.js; so it is plain JavaScript that any Node from 20 on understands, and silent when
// there is nothing to do.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = `${root}node_modules`
const stampFile = `${modules}/.forewarn-lock`
const INSTALL = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']

/** The pinned Node, which npm puts first in the PATH of every script. */
export const pinnedNode = `${modules}/.bin/node`

/** Installs what is missing or stale. Writes to stderr only. Returns an exit code. */
export function setUp() {
  return isReady() ? 0 : alone(() => (isReady() ? 0 : install()))
}

function isReady() {
  return existsSync(pinnedNode) && read(stampFile) === lockHash()
}

function install() {
  if (!holdsWhatIsLocked()) {
    say('Installing the dependencies (once; about half a minute) ...')
    const failed = npm(...INSTALL)
    if (failed) return say('The dependencies could not be installed; npm says why above.', failed)
  }
  if (!existsSync(pinnedNode)) {
    // Install scripts were off: this one brings the binary, which npm then found nowhere to link.
    say('Fetching the pinned Node ...')
    run(process.execPath, ['installArchSpecificPackage.js'], `${modules}/node`)
    if (!existsSync(`${modules}/node/bin/node`)) return say('It could not be fetched.', 1)
    rmSync(pinnedNode, { force: true })
    symlinkSync('../node/bin/node', pinnedNode)
  }
  writeFileSync(stampFile, lockHash())
  return 0
}

function lockHash() {
  return createHash('sha256')
    .update(read(`${root}package-lock.json`))
    .digest('hex')
}

/** Whether `npm ci` was already run by hand for this lock file, development dependencies included. */
function holdsWhatIsLocked() {
  const installed = read(`${modules}/.package-lock.json`)
  if (installed === '') return false
  const found = JSON.parse(installed).packages
  const locked = Object.entries(JSON.parse(read(`${root}package-lock.json`)).packages)
  return locked.every(
    ([path, { version, optional }]) =>
      path === '' || optional === true || found[path]?.version === version,
  )
}

/** Two commands of one pipe may both be the first: one installs, the other waits for it. */
function alone(work) {
  const lock = `${tmpdir()}/forewarn-setup-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`
  while (!take(lock)) {
    if (!isAlive(Number(read(lock)))) rmSync(lock, { force: true })
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** The npm that started us, under the Node that runs us: the one on PATH may be another. */
function npm(...args) {
  const itself = process.env.npm_execpath
  return itself === undefined
    ? run('npm', args, root)
    : run(process.execPath, [itself, ...args], root)
}

function run(command, args, cwd) {
  const env = { ...process.env, npm_config_ignore_scripts: 'false' }
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: ['ignore', 2, 2] })
  if (error) say(error.message)
  return status ?? 1
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function say(line, code = 0) {
  process.stderr.write(`${line}\n`)
  return code
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = setUp()
