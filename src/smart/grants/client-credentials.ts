import { negotiate, parseScopes, type ResourceScope } from '#access'
import type { App, AppPermission } from '#platform'
import { usedBefore } from '../clients/authenticate-client.ts'
import { permissionOf } from '../clients/permission-of.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { askedScopes, resourceScopes } from '../scopes/asked-scopes.ts'
import { issueBackendToken } from '../tokens/backend-token.ts'
import type { Grant } from './grant.ts'

/** Backend services (A34 to A38): https://hl7.org/fhir/smart-app-launch/backend-services.html */
export const clientCredentials: Grant = {
  type: 'client_credentials',
  apps: ['backend', 'asymmetric'],
  levels: ['system'],
  otherScopes: [],
  capabilities: [],
  spendsAssertion: true,

  async run(parts, { asked, form, client: { app, assertion } }) {
    const { db, settingsOf } = parts
    const { practice } = asked
    if (!assertion) throw new TypeError('A backend app has no assertion')
    const text = form.get('scope')
    if (text === undefined) {
      throw new OAuthProblem(
        'invalid_scope',
        'The parameter scope is missing: ask for scopes such as system/Patient.rs',
      )
    }
    const allowed = allowedScopes(app, await permissionOf(parts, asked, { app }))
    const granted = negotiate(allowed, resourceScopes(askedScopes(text, practice)))
    if (granted.length === 0) throw nothingGranted(allowed)
    const scope = granted.map(({ text }) => text).join(' ')
    const seconds = settingsOf(practice)['tokenSeconds.backend']
    const token = await issueBackendToken(db, {
      practice: practice.number,
      client: app.client,
      scope,
      seconds,
      assertion,
    })
    if (token === undefined) throw usedBefore()
    return { token, scope, seconds }
  },
}

/** The system/ scopes that the app registered, as far as the practice permits them. */
function allowedScopes({ record }: App, { scopes, types }: AppPermission): readonly ResourceScope[] {
  const registered = parseScopes(record.scopes).resources.filter(({ level }) => level === 'system')
  const permitted = negotiate(registered, parseScopes(scopes).resources)
  if (!types) return permitted
  const ofTypes = parseScopes(types.map((type) => `system/${type}.cruds`).join(' ')).resources
  return negotiate(ofTypes, permitted)
}

const mostNamed = 20

function nothingGranted(allowed: readonly ResourceScope[]): OAuthProblem {
  const named = allowed.slice(0, mostNamed).map(({ text }) => text)
  const more = allowed.length > mostNamed ? ` and ${allowed.length - mostNamed} more` : ''
  const may = named.length === 0 ? 'nothing is' : `${named.join(' ')}${more} is`
  return new OAuthProblem('invalid_scope', `None of the scopes asked for is permitted to this app here: ${may}`)
}
