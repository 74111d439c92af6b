/** The one place that brings `ui` in: `#ui` has no line in package.json yet. */
export {
  type Branding,
  type Content,
  errorSummary,
  type FieldError,
  field,
  hidden,
  html,
  type Markup,
  type Page,
  page,
  safeUrl,
} from '../../ui/index.ts'
