/** Falco's sources of events, all of them: the evidence is what it is, whatever plug-ins a rule file asks for. */
export const everySource = 'sources=k8s_audit,aws_cloudtrail,okta,github,gcp_auditlog';
