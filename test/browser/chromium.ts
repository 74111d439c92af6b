/** Real Chromium. Where it cannot start, tests say so and are skipped. */
import packed from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

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
    const executablePath = await packed.executablePath()
    return { browser: await chromium.launch({ executablePath, args, headless: true }) }
  } catch (error) {
    return { missing: `NO BROWSER: Chromium cannot start here: ${String(error).split('\n')[0]}` }
  }
}
