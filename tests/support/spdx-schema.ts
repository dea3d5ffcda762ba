import { z } from 'zod';

const id = z.string().regex(/^SPDXRef-[A-Za-z0-9.-]+$/);
const date = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const expression = z.string().regex(/^(?:NOASSERTION|NONE|[A-Za-z0-9.+()\- ]+)$/);

/** What SPDX 2.3 asks of a document (spdx.github.io/spdx-spec/v2.3), as far as Vakthund writes it. */
export const spdxDocument = z.strictObject({
  spdxVersion: z.literal('SPDX-2.3'),
  dataLicense: z.literal('CC0-1.0'),
  SPDXID: z.literal('SPDXRef-DOCUMENT'),
  name: z.string().min(1),
  documentNamespace: z.url().regex(/^[^#]+$/),
  creationInfo: z.strictObject({
    created: date,
    creators: z.array(z.string().regex(/^(?:Tool|Person|Organization): /)).min(1),
  }),
  documentDescribes: z.array(id),
  packages: z.array(
    z.strictObject({
      name: z.string().min(1),
      SPDXID: id,
      versionInfo: z.string().min(1).optional(),
      supplier: z
        .string()
        .regex(/^(?:NOASSERTION|(?:Organization|Person): .+)$/)
        .optional(),
      downloadLocation: z.string(),
      filesAnalyzed: z.literal(false),
      licenseConcluded: expression,
      licenseDeclared: expression,
      copyrightText: z.string(),
      sourceInfo: z.string().optional(),
      primaryPackagePurpose: z.enum(['CONTAINER', 'FILE', 'OPERATING_SYSTEM', 'APPLICATION', 'LIBRARY']),
      externalRefs: z
        .array(
          z.strictObject({
            referenceCategory: z.literal('PACKAGE-MANAGER'),
            referenceType: z.literal('purl'),
            referenceLocator: z.string().regex(/^pkg:\S+$/),
          }),
        )
        .optional(),
      annotations: z
        .array(
          z.strictObject({
            annotator: z.string().regex(/^Tool: /),
            annotationDate: date,
            annotationType: z.literal('OTHER'),
            comment: z.string().min(1),
          }),
        )
        .optional(),
    }),
  ),
  hasExtractedLicensingInfos: z
    .array(
      z.strictObject({
        licenseId: z.string().regex(/^LicenseRef-[A-Za-z0-9.-]+$/),
        extractedText: z.string(),
        name: z.string(),
      }),
    )
    .optional(),
  relationships: z.array(
    z.strictObject({
      spdxElementId: z.string().regex(/^SPDXRef-/),
      relationshipType: z.enum(['DESCRIBES', 'CONTAINS']),
      relatedSpdxElement: id,
    }),
  ),
});
