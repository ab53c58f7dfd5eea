drop index leads_persona_idx;
