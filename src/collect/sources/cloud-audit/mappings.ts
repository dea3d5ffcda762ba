import type { Mapping } from '../../../events/mapping.ts';
import { firstOf, mappingTo, read } from '../../mapping/build.ts';
import type { Cloud } from './clouds.ts';

const aws = {
  time: read('eventTime', 'iso'),
  event_dataset: { constant: 'aws.cloudtrail' },
  user_name: firstOf(
    'text',
    'userIdentity.userName',
    'userIdentity.sessionContext.sessionIssuer.userName',
    'userIdentity.invokedBy',
    'userIdentity.arn',
    'userIdentity.principalId',
    'userIdentity.type',
  ),
  source_ip: read('sourceIPAddress', 'ip'),
} as const;

const azure = {
  time: firstOf('iso', 'time', 'eventTimestamp', 'TimeGenerated'),
  event_dataset: { constant: 'azure.activity' },
  user_name: firstOf(
    'text',
    'identity.claims.name',
    'identity.authorization.evidence.principalId',
    'properties.userPrincipalName',
    'properties.initiatedBy.user.userPrincipalName',
    'caller',
    'Caller',
  ),
  source_ip: firstOf('ip', 'callerIpAddress', 'CallerIpAddress', 'properties.ipAddress'),
} as const;

const entra = {
  time: read('createdDateTime', 'iso'),
  event_dataset: { constant: 'azure.signin' },
  user_name: read('userPrincipalName', 'text'),
  source_ip: read('ipAddress', 'ip'),
} as const;

const gcp = {
  time: firstOf('iso', 'timestamp', 'receiveTimestamp'),
  event_dataset: { constant: 'gcp.audit' },
  user_name: read('protoPayload.authenticationInfo.principalEmail', 'text'),
  source_ip: read('protoPayload.requestMetadata.callerIp', 'ip'),
} as const;

/** Names that rules and questions look for stay in `fields` too. */
const keep = ['operationName'];
/** Rules are written for the records of these clouds. */
const whole = { keepsRecord: true } as const;

export const logMappings: Readonly<Record<Cloud, Mapping>> = {
  aws: mappingTo(
    'log',
    {
      ...aws,
      log_name: read('eventName', 'text'),
      message: { join: [read('eventSource', 'text'), read('eventName', 'text')], by: ' ' },
    },
    whole,
  ),
  azure: mappingTo(
    'log',
    { ...azure, log_name: firstOf('text', 'operationName.value', 'operationName'), log_level: read('level', 'lower') },
    { keep },
  ),
  entra: mappingTo('log', { ...entra, log_name: read('appDisplayName', 'text') }),
  gcp: mappingTo(
    'log',
    {
      ...gcp,
      log_name: read('protoPayload.methodName', 'text'),
      log_level: read('severity', 'lower'),
      message: { join: [read('protoPayload.methodName', 'text'), read('protoPayload.resourceName', 'text')], by: ' ' },
    },
    whole,
  ),
};

const session = (
  columns: typeof aws | typeof azure | typeof entra | typeof gcp,
  more: Pick<Mapping, 'keep' | 'keepsRecord'> = { keep },
): Mapping =>
  mappingTo('user_session', { ...columns, target_user_name: columns.user_name, service: columns.event_dataset }, more);

export const sessionMappings: Readonly<Record<Cloud, Mapping>> = {
  aws: session(aws, whole),
  azure: session(azure),
  entra: session(entra),
  gcp: session(gcp, whole),
};
