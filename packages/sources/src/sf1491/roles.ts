/**
 * Roles of relations of grants and payments: classes in Fælleskommunalt Klassifikationssystem, as KOMBIT's public examples of
 * the Ydelsesindeks use them.
 */
export const roles = {
  /** Ejer of a grant: the authority. */
  grantOwner: 'abdf4d3e-f113-4282-b13e-6cd32a82621c',
  /** Ansvarlig for a grant: the unit. */
  grantResponsible: 'fbe1016a-170a-4dea-8652-2813c1a566c0',
  /** Ejer of a payment. */
  paymentOwner: 'a91824c4-da1d-47f9-bce2-5d6597879415',
} as const;
