delete from enrichment_handoffs where kind in ('COMPANY_INFO', 'LEAD_INFO');
alter table enrichment_handoffs drop constraint enrichment_handoffs_kind_check,
    add constraint enrichment_handoffs_kind_check check (kind in ('GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH'));
