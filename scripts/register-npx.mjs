// Run by npm after the dependencies are installed. `npx forewarn` keeps a link to this folder in
// npm's cache and makes it at its first use; up to npm 10 two of them in one pipe make it at the
// same time, and one fails. So it is made here. Nothing depends on its success.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { npm_execpath: npm, npm_command: command } = process.env

// Making the link runs this script as well, and then the command is `exec`.
if (npm !== undefined && command !== 'exec') {
  const args = ['exec', '--yes', '--ignore-scripts', `--package=${root}`, '--call', 'exit 0']
  spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'ignore', timeout: 20_000 })
}
