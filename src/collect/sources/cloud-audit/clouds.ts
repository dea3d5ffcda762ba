export type Cloud = 'aws' | 'azure' | 'entra' | 'gcp';

/** Keys that tell a cloud: one of each group must be there. */
const keysOf: readonly (readonly [cloud: Cloud, groups: readonly (readonly string[])[]])[] = [
  ['aws', [['eventSource'], ['eventName'], ['eventTime'], ['userIdentity', 'awsRegion']]],
  ['gcp', [['protoPayload'], ['logName', 'insertId', 'timestamp']]],
  [
    'azure',
    [['operationName'], ['time', 'eventTimestamp', 'TimeGenerated'], ['resourceId', 'correlationId', 'ResourceId']],
  ],
  ['entra', [['createdDateTime'], ['userPrincipalName'], ['ipAddress', 'appDisplayName']]],
];

/** Whose a record is, by the keys that it has. */
export function cloudOf(has: (key: string) => boolean): Cloud | undefined {
  return keysOf.find(([, groups]) => groups.every((group) => group.some(has)))?.[0];
}
