type Names = Readonly<Record<number, string>>;

/** Reasons of a server to refuse (MS-RDPBCGR, 2.2.1.2.2). */
export const failureNames: Names = {
  1: 'SSL_REQUIRED_BY_SERVER',
  2: 'SSL_NOT_ALLOWED_BY_SERVER',
  3: 'SSL_CERT_NOT_ON_SERVER',
  4: 'INCONSISTENT_FLAGS',
  5: 'HYBRID_REQUIRED_BY_SERVER',
  6: 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER',
};

export const encryptionMethods: Names = { 0: 'None', 1: '40bit', 2: '128bit', 8: '56bit', 10: 'FIPS' };
export const encryptionLevels: Names = { 0: 'None', 1: 'Low', 2: 'Client compatible', 3: 'High', 4: 'FIPS' };
export const certificateTypes: Names = { 1: 'RSA', 2: 'X.509' };

/** Versions of the client by its build, as Zeek names them. */
export const buildNames: Names = {
  419: 'RDP 4.0',
  2195: 'RDP 5.0',
  2221: 'RDP 5.0',
  2600: 'RDP 5.1',
  3790: 'RDP 5.2',
  6000: 'RDP 6.0',
  6001: 'RDP 6.1',
  6002: 'RDP 6.2',
  7600: 'RDP 7.0',
  7601: 'RDP 7.1',
  9200: 'RDP 8.0',
  9600: 'RDP 8.1',
  25189: 'RDP 8.0 (Mac)',
  25282: 'RDP 8.0 (Mac)',
};

/** The keyboards that are met most, by their language (MS-LCID); others are told by their number. */
export const layoutNames: Names = {
  1025: 'Arabic - Saudi Arabia',
  1026: 'Bulgarian',
  1028: 'Chinese - Taiwan',
  1029: 'Czech',
  1030: 'Danish',
  1031: 'German - Germany',
  1032: 'Greek',
  1033: 'English - United States',
  1035: 'Finnish',
  1036: 'French - France',
  1037: 'Hebrew',
  1038: 'Hungarian',
  1039: 'Icelandic',
  1040: 'Italian - Italy',
  1041: 'Japanese',
  1042: 'Korean',
  1043: 'Dutch - Netherlands',
  1044: 'Norwegian (Bokmal)',
  1045: 'Polish',
  1046: 'Portuguese - Brazil',
  1048: 'Romanian',
  1049: 'Russian',
  1050: 'Croatian',
  1051: 'Slovak',
  1052: 'Albanian - Albania',
  1053: 'Swedish',
  1055: 'Turkish',
  1058: 'Ukrainian',
  1059: 'Belarusian',
  1060: 'Slovenian',
  1061: 'Estonian',
  1062: 'Latvian',
  1063: 'Lithuanian',
  1065: 'Farsi',
  1066: 'Vietnamese',
  1081: 'Hindi',
  2052: "Chinese - People's Republic of China",
  2055: 'German - Switzerland',
  2057: 'English - United Kingdom',
  2058: 'Spanish - Mexico',
  2070: 'Portuguese - Portugal',
  3079: 'German - Austria',
  3082: 'Spanish - Spain (Modern Sort)',
  3084: 'French - Canada',
  4105: 'English - Canada',
};
