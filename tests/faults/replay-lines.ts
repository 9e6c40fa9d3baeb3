/** What `replay` says of lines, without what only the sending knows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forewarn } from '../support/forewarn-process.ts'
import { withoutEmission } from '../support/outputs.ts'
import type { Said } from '../support/outputs.ts'

export async function replayLines(lines: readonly string[], until: string): Promise<Said[]> {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-lines-'))
  try {
    const file = join(folder, 'in.ndjson')
    writeFileSync(file, lines.join('\n'))
    const ended = await forewarn('replay', file, '--until', until)
    if (ended.code !== 0) throw new Error(ended.stderr)
    const said = ended.stdout.split('\n').filter((line) => line !== '')
    return said.map((line) => withoutEmission(JSON.parse(line) as Record<string, unknown>))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
