import type { EhiManifest } from '#bulk'
import { html } from '#ui'

/** For whoever opens the folder and knows nothing of it. 45 CFR 170.315(b)(10) wants the link to the format's description in it. */
export function exportReadme(manifest: EhiManifest): string {
  const { practice, patient, transactionTime, resources, attachments, history, deleted } = manifest
  const whose = patient === undefined ? 'all records' : `the record of ${patient}`
  const rows = resources.map(
    ({ type, count, path }) =>
      html`<tr><td><a href="${manifest.specification}${type.toLowerCase()}.html">${type}</a></td><td>${count}</td><td>${path}</td></tr>\n`,
  )
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Electronic health information of ${practice.name}</title>
</head>
<body>
<h1>Electronic health information of ${practice.name}</h1>
<p>This folder holds ${whose} of ${practice.name} as of ${transactionTime}.</p>
<h2>The format</h2>
<p>The files are HL7 FHIR Release 4 (${manifest.fhirVersion}), a public standard: <a href="${manifest.specification}">${manifest.specification}</a>.
Each file in <code>resources</code> holds the resources of one type, one JSON text a line (<a href="https://github.com/ndjson/ndjson-spec">NDJSON</a>, UTF-8).
References such as <code>Patient/1</code> name the resource of that type and id in these files.</p>
<p>Files that stand within resources (documents, pictures) lie in <code>attachments</code> as what they are;
<code>attachments.ndjson</code> says of each in which resource, and where in it, it stands: ${attachments.count} files.</p>
${history && html`<p><code>history</code> holds earlier versions of resources, <code>deleted.ndjson</code> what was deleted and when: ${deleted?.count} deletions.</p>\n`}
<p><code>manifest.json</code> lists the files with their counts, their bytes and their SHA-256.
The audit trail is no part of the records and not among them.</p>
<h2>The files</h2>
<table>
<thead><tr><th>Type</th><th>Resources</th><th>File</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</body>
</html>
`
  return text
}
