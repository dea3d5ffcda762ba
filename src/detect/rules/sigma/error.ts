import type { YamlPlace } from '../../../base/yaml-tree.ts';

/** What is wrong with a rule. The names are pySigma's, which rule authors know from sigma-cli and its documentation. */
export const sigmaErrorCodes = {
  SigmaYamlError: 'The file is no YAML, or goes past a bound that protects this machine.',
  SigmaCollectionError: 'A document is no rule, or its `action` is unknown.',
  SigmaTitleError: 'The title is missing or no text.',
  SigmaIdentifierError: 'The id is no UUID, or two rules have the same.',
  SigmaMetadataError:
    'A descriptive attribute (status, level, date, tags …) has another form than the specification wants.',
  SigmaLogsourceError: 'The log source is missing or names nothing.',
  SigmaDetectionError: 'The detection section is missing, empty or has another form than the specification wants.',
  SigmaModifierError: 'A modifier is unknown.',
  SigmaTypeError: 'A modifier or field does not take a value of this type.',
  SigmaValueError: 'A modifier does not take this value, or not after the modifiers before it.',
  SigmaRegularExpressionError: 'A regular expression is not valid, or past what matches in linear time.',
  SigmaConditionError: 'The condition cannot be understood, or names what the rule does not have.',
  SigmaFilterError: 'A filter lacks a part or names no rule.',
  SigmaCorrelationRuleError: 'A correlation lacks a part, or contradicts itself.',
  SigmaTimespanError: 'The timespan is no number with a unit.',
  SigmaRuleNotFoundError: 'A correlation or filter refers to a rule that is not there.',
  SigmaPlaceholderError: 'A placeholder has no values.',
  SigmaConfigurationError: 'A processing pipeline is not valid.',
  SigmaPipelineConditionError: 'A condition expression of a processing pipeline cannot be understood.',
  SigmaTransformationError: 'A transformation of a processing pipeline cannot be applied to this rule, or refuses it.',
} as const;
export type SigmaErrorCode = keyof typeof sigmaErrorCodes;

/** A fault of a rule with its place; thrown while one section is read, and collected by who reads the rule. */
export class SigmaError extends Error {
  override readonly name = 'SigmaError';
  readonly code: SigmaErrorCode;
  readonly at: YamlPlace;

  constructor(code: SigmaErrorCode, message: string, at: YamlPlace) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

/** Runs a reader and collects its fault; undefined when it had one. Other errors are bugs and go on. */
export function collect<T>(faults: SigmaError[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SigmaError)) throw error;
    faults.push(error);
    return undefined;
  }
}
