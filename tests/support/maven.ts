import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'
const FETCH_MAX_MS = 300_000

export type Artifacts = Readonly<{
  /** The folder's name in the cache; another version has another name. */
  name: string
  /** `group:artifact:version`; what they depend on comes along. */
  coordinates: readonly string[]
  /** Jars as they are, or the content of the jar named. */
  goal: readonly ['copy-dependencies'] | readonly ['unpack-dependencies', artifactId: string]
}>

/** Under the user's cache folder: outside the repository, and kept between runs. */
function cacheFolder(): string {
  const mac = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : undefined
  return join(process.env['XDG_CACHE_HOME'] || mac || join(homedir(), '.cache'), 'forewarn')
}

/**
 * The folder that holds the artifacts, fetched by `mvn` the first time. Fetched beside and renamed,
 * so that two runs at once, or one that was cut off, leave no half folder. Undefined where there is
 * no `mvn` to fetch with.
 */
export async function fetchArtifacts(artifacts: Artifacts): Promise<string | undefined> {
  const folder = join(cacheFolder(), artifacts.name)
  if (existsSync(folder)) return folder
  if ((await answerOf('mvn', '-v')) === undefined) return undefined
  await mkdir(cacheFolder(), { recursive: true })
  const draft = await mkdtemp(join(cacheFolder(), `.${artifacts.name}-`))
  try {
    const pom = join(draft, 'pom.xml')
    await writeFile(pom, pomOf(artifacts.coordinates))
    const [goal, only] = artifacts.goal
    const filter = only === undefined ? [] : [`-DincludeArtifactIds=${only}`]
    const output = `-DoutputDirectory=${join(draft, 'content')}`
    const args = ['-B', '-q', '-f', pom, `${PLUGIN}:${goal}`, output, ...filter]
    await run('mvn', args, { timeout: FETCH_MAX_MS, cwd: draft })
    await rename(join(draft, 'content'), folder).catch((error: unknown) => {
      // Another run was faster.
      if (!existsSync(folder)) throw error
    })
    return folder
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Whether a command is on PATH and answers. Returns what it prints. */
export async function answerOf(command: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(command, args, { timeout: 30_000 })
    return stdout + stderr
  } catch {
    return undefined
  }
}

function pomOf(coordinates: readonly string[]): string {
  const dependencies = coordinates.map((it) => {
    const [group, artifact, version] = it.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>forewarn</groupId><artifactId>test-services</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`
}
