/** Real Chromium. Where it cannot start, tests say so and are skipped. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import packed from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'
import { dataDir } from '../support/database.ts'

export interface Opened {
  readonly browser: Browser
  readonly missing?: undefined
}

export interface Missing {
  readonly browser?: undefined
  /** Why a test is skipped. */
  readonly missing: string
}

/** Not those of the package, which switch off what is tested here: CORS, and processes that end apart. */
const args = ['--no-sandbox', '--headless=shell', '--use-gl=angle', '--use-angle=swiftshader']

export async function openChromium(): Promise<Opened | Missing> {
  try {
    const executablePath = await unpacked()
    return { browser: await chromium.launch({ executablePath, args, headless: true, timeout: 120_000 }) }
  } catch (error) {
    return { missing: `NO BROWSER: Chromium cannot start here: ${String(error).split('\n')[0]}` }
  }
}

/** Unpacked once for all. Half of it would be taken for the whole by other test files, so it is put there in one step. */
async function unpacked(): Promise<string> {
  const folder = join(dataDir, 'chromium')
  if (!existsSync(folder)) {
    await mkdir(dataDir, { recursive: true })
    const own = await mkdtemp(`${folder}-`)
    await unpackInto(own)
    await rename(own, folder).catch(async (error: NodeJS.ErrnoException) => {
      await rm(own, { recursive: true })
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error // another was quicker
    })
  }
  return join(folder, 'chromium')
}

/** The package knows one place, which it asks for before it first waits. */
function unpackInto(folder: string): Promise<string> {
  const { TMPDIR } = process.env
  process.env.TMPDIR = folder
  try {
    return packed.executablePath()
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
}
