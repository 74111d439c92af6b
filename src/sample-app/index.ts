/** A small app at the sandbox, for newcomers to click through and to copy from. It uses what every app uses, and nothing else. */
export { ensureSampleApp, registeredClient, samplePath } from './registered.ts'
export { sampleApp } from './sample-app.ts'
