# path: infra/main.tf
resource "aws_db_instance" "orders" {
  # ruleid: cfg-infrastructure-open-to-everybody
  publicly_accessible = true
  # ruleid: cfg-infrastructure-protection-off
  storage_encrypted = false
}

resource "aws_db_instance" "closed" {
  # ok: cfg-infrastructure-open-to-everybody
  publicly_accessible = false
  # ok: cfg-infrastructure-protection-off
  storage_encrypted = true
}

resource "aws_security_group" "ssh" {
  # ruleid: cfg-infrastructure-open-to-everybody
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  # ok: cfg-infrastructure-open-to-everybody
  ingress {
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  # ok: cfg-infrastructure-open-to-everybody
  ingress {
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_s3_bucket_acl" "files" {
  # ruleid: cfg-infrastructure-open-to-everybody
  acl = "public-read"
}

resource "google_storage_bucket_iam_member" "all" {
  role = "roles/storage.objectViewer"
  # ruleid: cfg-infrastructure-open-to-everybody
  member = "allUsers"
}

resource "azurerm_storage_account" "data" {
  # ruleid: cfg-infrastructure-protection-off
  https_traffic_only_enabled = false
  # ruleid: cfg-infrastructure-protection-off
  min_tls_version = "TLS1_0"
  # ruleid: cfg-infrastructure-open-to-everybody
  allow_nested_items_to_be_public = true
}

resource "azurerm_storage_account" "safe" {
  # ok: cfg-infrastructure-protection-off
  https_traffic_only_enabled = true
  # ok: cfg-infrastructure-protection-off
  min_tls_version = "TLS1_2"
}

data "aws_iam_policy_document" "all" {
  statement {
    # ruleid: cfg-authorization-cloud-wildcard
    actions   = ["*"]
    resources = ["*"]
  }
  statement {
    # ok: cfg-authorization-cloud-wildcard
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

resource "google_project_iam_member" "deploy" {
  # ruleid: cfg-authorization-cloud-wildcard
  role = "roles/editor"
}

resource "google_project_iam_member" "view" {
  # ok: cfg-authorization-cloud-wildcard
  role = "roles/viewer"
}

resource "aws_iam_role_policy_attachment" "admin" {
  # ruleid: cfg-authorization-cloud-wildcard
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "read" {
  # ok: cfg-authorization-cloud-wildcard
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
