DELETE FROM target_on_capability WHERE target = 'sm_80' AND cc_key = 89;
