/** What takes long is left to CI, and a line says so. */
export const isCi = Boolean(process.env['CI'])

export function leftToCi(what: string): void {
  if (!isCi) console.log(`skipped: ${what}, which run where CI=true`)
}
