"""The ledger of the taakstelling: target, carry-over, opgave, realisation and what is left over."""
