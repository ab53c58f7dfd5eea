drop table sign_in_challenges, recovery_codes, second_factors;
