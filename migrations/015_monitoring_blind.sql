-- The playbook for monitoring that can not see (playbooks/seeds.yaml says the same). An edited row stays as it is.
INSERT INTO playbooks (name, error_type, action_type, cooldown_min, max_retries, severity, priority, action_params) VALUES
  ('monitoring-blind', 'MONITORING_BLIND', 'ALERT_ONLY', 15, 1, 'P2', 100,
    '{"advice":{"en":"Monitoring can not see: its data source, or what measures for it, does not answer. That says nothing about the services it watches, so nothing was touched. Check the data source and the exporters; until they are back, nobody is told of a failure.","zh-TW":"監控系統目前看不到資料:資料來源或負責量測的程式沒有回應。這不代表受監控的服務有問題,因此未做任何處置。請檢查資料來源與 exporter;在恢復之前,發生故障時不會有人收到通知。"}}')
ON CONFLICT (name) DO NOTHING;
