import type { Endpoint } from '#http'
import { Problem } from '#lib'
import { files } from './files.ts'
import { samplePath } from './registered.ts'
import { samplePage } from './sample-page.ts'

interface SampleAppParts {
  /** The client_id that the app is registered under. */
  readonly clientOf: () => Promise<string | undefined>
  /** How a page tells a failure. */
  readonly refused: Endpoint['refused']
}

/** The page of the app, which is its redirect URI, too, and the files that it loads. */
export function sampleApp({ clientOf, refused }: SampleAppParts): readonly Endpoint[] {
  const shared = {
    ...{ method: 'GET', below: 'root', name: 'sample-app', readers: 'of-client' },
    ...{ refused, isAt: ({ id }) => id === 'sandbox' },
  } as const satisfies Partial<Endpoint>
  return [
    {
      ...{ ...shared, path: samplePath },
      async answer({ practice }) {
        const clientId = await clientOf()
        if (clientId === undefined)
          throw new Problem('not-found', 'The sample app is not registered: npm start does it')
        return samplePage({ practice, clientId })
      },
    },
    ...files.map(
      ({ name, type, text }): Endpoint => ({
        ...{ ...shared, path: `${samplePath}/${name}` },
        answer: () => ({ type, headers: { 'cache-control': 'no-cache' }, body: text }),
      }),
    ),
  ]
}
