/**
 * Whose a resource is, a row for each type of R4. This is ours: CompartmentDefinition counts everybody who is named
 * (author, recipient, payor), ownership only the patient whom the record is about.
 */
export type Ownership =
  /** The patient whom `path` names owns it; a row that names none is nobody's. */
  | {
      readonly class: 'owned'
      /** Elements from the resource down to the Reference. */
      readonly path: readonly string[]
      /** The path may hold several references; rows that name several patients are nobody's. */
      readonly isMany: boolean
      /** Reference parameters that look at exactly this path. Empty where the path is many. */
      readonly parameters: readonly string[]
      /** A row without any value there is shared. */
      readonly orElse?: 'shared'
    }
  /** Patient itself. */
  | { readonly class: 'patient' }
  /** Readable if what it belongs to is. */
  | { readonly class: 'follows' }
  /** For any principal whose scope names the type. */
  | { readonly class: 'shared' }
  /** Conformance, terminology and definitions: read with any valid token. */
  | { readonly class: 'open' }
  /** Never in a patient's context. */
  | { readonly class: 'kept' }
  /** For auditors and administrators whose scope names the type; `*` does not. */
  | { readonly class: 'audit' }

const patient = owned('patient', 'patient')
const subject = owned('subject', 'patient subject')
const follows = { class: 'follows' } as const
const shared = { class: 'shared' } as const
const open = { class: 'open' } as const
const kept = { class: 'kept' } as const

export const ownershipTable: Readonly<Record<string, Ownership>> = {
  Account: many('subject'),
  ActivityDefinition: open,
  AdverseEvent: owned('subject', 'subject'),
  AllergyIntolerance: patient,
  Appointment: many('participant.actor'),
  AppointmentResponse: owned('actor', 'actor patient'),
  AuditEvent: { class: 'audit' },
  Basic: subject,
  Binary: follows,
  BiologicallyDerivedProduct: kept,
  BodyStructure: patient,
  Bundle: kept,
  CapabilityStatement: open,
  CarePlan: subject,
  CareTeam: subject,
  CatalogEntry: kept,
  ChargeItem: subject,
  ChargeItemDefinition: open,
  Claim: patient,
  ClaimResponse: patient,
  ClinicalImpression: subject,
  CodeSystem: open,
  Communication: subject,
  CommunicationRequest: subject,
  CompartmentDefinition: open,
  Composition: subject,
  ConceptMap: open,
  Condition: subject,
  Consent: patient,
  Contract: many('subject'),
  Coverage: owned('beneficiary', 'beneficiary patient'),
  CoverageEligibilityRequest: patient,
  CoverageEligibilityResponse: patient,
  DetectedIssue: patient,
  Device: { ...patient, orElse: 'shared' },
  DeviceDefinition: shared,
  DeviceMetric: kept,
  DeviceRequest: subject,
  DeviceUseStatement: subject,
  DiagnosticReport: subject,
  DocumentManifest: subject,
  DocumentReference: subject,
  EffectEvidenceSynthesis: open,
  Encounter: subject,
  Endpoint: shared,
  EnrollmentRequest: owned('candidate', 'patient subject'),
  EnrollmentResponse: kept,
  EpisodeOfCare: patient,
  EventDefinition: open,
  Evidence: open,
  EvidenceVariable: open,
  ExampleScenario: open,
  ExplanationOfBenefit: patient,
  FamilyMemberHistory: patient,
  Flag: subject,
  Goal: subject,
  GraphDefinition: open,
  Group: kept,
  GuidanceResponse: subject,
  HealthcareService: shared,
  ImagingStudy: subject,
  Immunization: patient,
  ImmunizationEvaluation: patient,
  ImmunizationRecommendation: patient,
  ImplementationGuide: open,
  InsurancePlan: kept,
  Invoice: subject,
  Library: open,
  Linkage: kept,
  List: subject,
  Location: shared,
  Measure: open,
  MeasureReport: subject,
  Media: subject,
  Medication: shared,
  MedicationAdministration: subject,
  MedicationDispense: subject,
  MedicationKnowledge: kept,
  MedicationRequest: subject,
  MedicationStatement: subject,
  MedicinalProduct: kept,
  MedicinalProductAuthorization: kept,
  MedicinalProductContraindication: kept,
  MedicinalProductIndication: kept,
  MedicinalProductIngredient: kept,
  MedicinalProductInteraction: kept,
  MedicinalProductManufactured: kept,
  MedicinalProductPackaged: kept,
  MedicinalProductPharmaceutical: kept,
  MedicinalProductUndesirableEffect: kept,
  MessageDefinition: open,
  MessageHeader: kept,
  MolecularSequence: patient,
  NamingSystem: open,
  NutritionOrder: patient,
  Observation: subject,
  ObservationDefinition: open,
  OperationDefinition: open,
  OperationOutcome: kept,
  Organization: shared,
  OrganizationAffiliation: kept,
  Parameters: kept,
  Patient: { class: 'patient' },
  PaymentNotice: kept,
  PaymentReconciliation: kept,
  Person: many('link.target'),
  PlanDefinition: open,
  Practitioner: shared,
  PractitionerRole: shared,
  Procedure: subject,
  Provenance: follows,
  Questionnaire: open,
  QuestionnaireResponse: subject,
  RelatedPerson: patient,
  RequestGroup: subject,
  ResearchDefinition: open,
  ResearchElementDefinition: open,
  ResearchStudy: kept,
  ResearchSubject: owned('individual', 'individual patient'),
  RiskAssessment: subject,
  RiskEvidenceSynthesis: open,
  Schedule: shared,
  SearchParameter: open,
  ServiceRequest: subject,
  Slot: shared,
  Specimen: subject,
  SpecimenDefinition: open,
  StructureDefinition: open,
  StructureMap: open,
  Subscription: kept,
  Substance: shared,
  SubstanceNucleicAcid: shared,
  SubstancePolymer: shared,
  SubstanceProtein: shared,
  SubstanceReferenceInformation: shared,
  SubstanceSourceMaterial: shared,
  SubstanceSpecification: shared,
  SupplyDelivery: patient,
  SupplyRequest: kept,
  Task: owned('for', 'patient subject'),
  TerminologyCapabilities: open,
  TestReport: kept,
  TestScript: open,
  ValueSet: open,
  VerificationResult: kept,
  VisionPrescription: patient,
}

function owned(path: string, parameters: string) {
  return { class: 'owned', path: path.split('.'), isMany: false, parameters: parameters.split(' ') } as const
}

function many(path: string): Ownership {
  return { class: 'owned', path: path.split('.'), isMany: true, parameters: [] }
}
