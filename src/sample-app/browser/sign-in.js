/** How the app gets a token, with nothing but what a browser has: https://hl7.org/fhir/smart-app-launch/app-launch.html */

/** Leaves for the practice's pages: there the user signs in, chooses a patient and says what the app may see. */
export async function authorize({ fhirBase, clientId, redirectUri, scope }, launch) {
  const { authorization_endpoint } = await discover(fhirBase)
  const [state, verifier] = [randomText(), randomText()]
  sessionStorage.setItem(state, verifier)
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    aud: fhirBase,
    scope: `${launch ? 'launch' : 'launch/patient'} ${scope}`,
    state,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: 'S256',
    ...(launch && { launch }),
  })
  location.assign(`${authorization_endpoint}?${request}`)
}

/** Back again with a code in the address: the token for it, and whose chart is meant. */
export async function tokenFor(answer, { fhirBase, clientId, redirectUri }) {
  if (answer.has('error')) throw new Error(answer.get('error_description') ?? answer.get('error'))
  const verifier = sessionStorage.getItem(answer.get('state'))
  sessionStorage.removeItem(answer.get('state'))
  if (!verifier) throw new Error('This is no answer to anything that was asked in this window')
  const { token_endpoint } = await discover(fhirBase)
  const reply = await fetch(token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: answer.get('code'),
      redirect_uri: redirectUri,
      client_id: clientId,
      code_verifier: verifier,
    }),
  })
  const given = await reply.json()
  if (!reply.ok) throw new Error(given.error_description)
  return { token: given.access_token, patient: given.patient, scope: given.scope }
}

export async function discover(fhirBase) {
  return (await fetch(`${fhirBase}/.well-known/smart-configuration`)).json()
}

/** PKCE: who asked proves it to the token endpoint. https://www.rfc-editor.org/rfc/rfc7636 */
async function challengeOf(verifier) {
  return base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)))
}

function randomText() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)))
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
