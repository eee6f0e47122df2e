/**
 * Roles of relations of cases and documents: classes in Fælleskommunalt Klassifikationssystem, as KOMBIT's public examples of
 * the Sags- og Dokumentindeks use them.
 */
export const roles = {
  /** Ejer: the authority. */
  owner: '9e979b84-b846-4472-8622-58007dc63c7e',
  /** Ansvarlig: the unit. */
  responsible: 'a1263342-d348-44ba-a566-233f37c4cb67',
  /** Primær behandler. */
  caseworker: 'bf1f93ed-9441-4af4-835b-baeb201f3076',
  /** Primær klasse: the KLE subject. */
  primaryClass: 'a86c6581-ec85-412d-a655-31a1f1d5b14f',
  /** Handlingsklasse: the KLE facet. */
  actionClass: '05ef7011-11a7-4e4c-a46b-3de6aa457fc3',
} as const;
